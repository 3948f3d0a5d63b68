// Calls of the loop's EventSource, as its clients make them.
const PORTS = { call: 12000, alert: 12001 };

export class Events {
  constructor(address, token) {
    Object.assign(this, { address, token });
  }

  static async of(loop) {
    const service = await loop.kube('get', 'service', `${loop.axon}-eventsource-svc`);
    const secret = await loop.kube('get', 'secret', 'myelin-webhook-token');
    return new Events(service.spec.clusterIP, Buffer.from(secret.data.token, 'base64').toString());
  }

  /** The status that was answered; 0 when nobody did. */
  async post(path, body, { port = PORTS.call, headers = { authorization: `Bearer ${this.token}` }, seconds = 60 } = {}) {
    try {
      const response = await fetch(`http://${this.address}:${port}/${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
        signal: AbortSignal.timeout(seconds * 1000),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return 0;
    }
  }

  /** A call of a REST trigger. */
  call(trigger, body) {
    return this.post(`rest-${trigger}`, body);
  }

  /** What Alertmanager would send for an alert trigger. */
  alert(sensor, trigger, body) {
    return this.post(`alert-${sensor}-${trigger}`, body, { port: PORTS.alert, headers: {} });
  }

  sweep() {
    return this.post('sweep', {});
  }

  /** A probe that asks for the sweep, too, once in so many seconds, as long as it finds nothing. */
  sweeping(seconds, probe) {
    let swept = Date.now();
    return async () => {
      const found = await probe();
      if (found || Date.now() - swept < seconds * 1000) return found;
      swept = Date.now();
      await this.sweep();
      return undefined;
    };
  }
}
