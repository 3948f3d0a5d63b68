// Command istio-routes prints the routes that istiod gives a gateway: it reads a JSON list of objects, merges delegates into the VirtualServices
// that name them, and translates those of each Gateway, all by istiod's own code. What istiod only logs, such as a delegate's route that conflicts
// with its root, shows as a route that is not there.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	envoy "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	"google.golang.org/protobuf/encoding/protojson"

	networking "istio.io/api/networking/v1alpha3"
	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pilot/pkg/config/memory"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/networking/core/route"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/host"
	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/config/mesh/meshwatcher"
	"istio.io/istio/pkg/config/protocol"
	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/config/schema/gvk"
	"istio.io/istio/pkg/kube"
	"istio.io/istio/pkg/kube/krt"
	"istio.io/istio/pkg/log"
	"istio.io/istio/pkg/util/sets"
)

type service struct {
	Ports []struct {
		Name string `json:"name"`
		Port int    `json:"port"`
	} `json:"ports"`
}

// hosts are the routes of one VirtualService at one port of a gateway.
type hosts struct {
	Gateway        string            `json:"gateway"`
	Port           uint32            `json:"port"`
	Hosts          []string          `json:"hosts"`
	VirtualService string            `json:"virtualService"`
	Routes         []json.RawMessage `json:"routes"`
}

func main() {
	quiet := log.DefaultOptions()
	quiet.SetDefaultOutputLevel(log.OverrideScopeName, log.NoneLevel)
	must(log.Configure(quiet))
	var objects []json.RawMessage
	must(json.NewDecoder(os.Stdin).Decode(&objects))
	store := memory.Make(collections.Pilot)
	services := map[host.Name]*model.Service{}
	var gateways []config.Config
	for _, raw := range objects {
		var o crd.IstioKind
		must(json.Unmarshal(raw, &o))
		if o.Kind == "Service" {
			add(services, o)
			continue
		}
		schema, known := collections.Pilot.FindByGroupVersionAliasesKind(config.FromKubernetesGVK(o.GroupVersionKind()))
		if !known {
			continue
		}
		c, err := crd.ConvertObject(schema, &o, "cluster.local")
		must(err)
		_, err = store.Create(*c)
		must(err)
		if c.GroupVersionKind == gvk.Gateway {
			gateways = append(gateways, *c)
		}
	}
	out := []hosts{}
	merged := merge(store)
	for _, gateway := range gateways {
		name := gateway.Namespace + "/" + gateway.Name
		for _, server := range gateway.Spec.(*networking.Gateway).Servers {
			for _, vs := range merged {
				spec := vs.Spec.(*networking.VirtualService)
				if !sets.New(spec.Gateways...).Contains(name) {
					continue
				}
				routes := translate(vs, int(server.Port.Number), name, services)
				out = append(out, hosts{name, server.Port.Number, spec.Hosts, vs.Namespace + "/" + vs.Name, routes})
			}
		}
	}
	must(json.NewEncoder(os.Stdout).Encode(out))
}

// merge puts the routes of delegates into the VirtualServices that name them.
func merge(store *memory.Store) []config.Config {
	stop := make(chan struct{})
	defer close(stop)
	controller := memory.NewController(store)
	options := model.VSControllerOptions{KrtDebugger: krt.GlobalDebugHandler}
	merger := model.NewVirtualServiceController(controller, options, meshwatcher.NewTestWatcher(nil))
	go controller.Run(stop)
	go merger.Run(stop)
	kube.WaitForCacheSync("routes", stop, controller.HasSynced, merger.HasSynced)
	return merger.MergedVirtualServices()
}

func translate(vs config.Config, port int, gateway string, services map[host.Name]*model.Service) []json.RawMessage {
	push := model.NewPushContext()
	push.Mesh = mesh.DefaultMeshConfig()
	node := &model.Proxy{Type: model.Router, Metadata: &model.NodeMetadata{Namespace: "istio-system"}}
	routes, err := route.BuildHTTPRoutesForVirtualService(node, vs, port, sets.New(gateway), route.RouteOptions{
		Mesh:                     push.Mesh,
		Push:                     push,
		LookupService:            func(name host.Name) *model.Service { return services[name] },
		LookupDestinationCluster: cluster,
		LookupHash:               func(*networking.HTTPRouteDestination) *networking.LoadBalancerSettings_ConsistentHashLB { return nil },
	})
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s/%s: %v\n", vs.Namespace, vs.Name, err)
	}
	out := make([]json.RawMessage, 0, len(routes))
	for _, one := range routes {
		out = append(out, printed(one))
	}
	return out
}

// cluster is what istiod calls it, or what says that there is nothing behind it: istiod would send such requests nowhere.
func cluster(to *networking.Destination, known *model.Service, port int) string {
	if known == nil {
		return "no-service:" + to.Host
	}
	if _, there := known.Ports.GetByPort(int(to.GetPort().GetNumber())); to.Port != nil && !there {
		return "no-port:" + to.Host + ":" + strconv.Itoa(int(to.Port.Number))
	}
	return route.GetDestinationCluster(to, known, port)
}

func printed(one *envoy.Route) json.RawMessage {
	text, err := protojson.Marshal(one)
	must(err)
	return text
}

func add(services map[host.Name]*model.Service, o crd.IstioKind) {
	var spec service
	text, err := json.Marshal(o.Spec)
	must(err)
	must(json.Unmarshal(text, &spec))
	name := host.Name(o.Name + "." + o.Namespace + ".svc.cluster.local")
	made := &model.Service{Hostname: name, Attributes: model.ServiceAttributes{Name: o.Name, Namespace: o.Namespace}}
	for _, port := range spec.Ports {
		made.Ports = append(made.Ports, &model.Port{Name: port.Name, Port: port.Port, Protocol: protocol.HTTP})
	}
	services[name] = made
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}
