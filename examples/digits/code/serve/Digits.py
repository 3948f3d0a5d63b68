"""Reads handwritten digits: rows of 64 pixels from 0 to 16 in, the digit of each row out."""

import logging
import os

import joblib
import numpy as np

log = logging.getLogger(__name__)


class Digits:
    class_names = ["digit"]

    def __init__(self):
        self.model = joblib.load(os.path.join(os.environ["MODEL_PATH"], "model.joblib"))

    def predict(self, X, feature_names=None):
        # A column, one row per image, named by class_names.
        return self.model.predict(np.asarray(X, dtype=float).reshape(-1, 64)).reshape(-1, 1)

    def send_feedback(self, features, feature_names, reward, truth):
        # The serving process captures and counts feedback; this model learns at the next training.
        log.info("feedback: reward=%s truth=%s", reward, truth)

    def tags(self):
        network = self.model[-1]
        return {"network": "-".join(map(str, [64, *network.hidden_layer_sizes, 10])), "activation": network.activation}
