"""Tells benign (1) from malignant (0) by 30 measurements of a cell."""

import os

import joblib
import numpy as np


class Screening:
    class_names = ["benign"]

    def __init__(self):
        self.forest = joblib.load(os.path.join(os.environ["MODEL_PATH"], "forest.joblib"))

    def predict(self, X, feature_names=None):
        return self.forest.predict(np.asarray(X, dtype=float).reshape(-1, 30)).reshape(-1, 1)
