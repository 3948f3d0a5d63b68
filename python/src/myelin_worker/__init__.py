"""The process that runs a prediction class for the serving sidecar of its pod.

It needs Python 3.8 and nothing else, so that any image with Python can serve: an init container copies this
folder in, and `python3 /myelin/worker` runs it. `supervisor` owns the connections and starts a `session` for
each, which loads the class and answers frames.
"""
