"""Says of each number between 0 and 1 whether it lies in the upper half."""

import json
import os


class Probe:
    class_names = ["upper"]

    def __init__(self):
        with open(os.path.join(os.environ["MODEL_PATH"], "model.json")) as file:
            self.model = json.load(file)

    def predict(self, X, feature_names=None):
        return [[int(self.model["slope"] * row[0] + self.model["offset"] > 0)] for row in X]
