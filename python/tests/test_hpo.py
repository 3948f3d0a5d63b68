from __future__ import annotations

import os

from support import TaskCase

from myelin import MyelinError, hpo


class Hyperparameters(TaskCase):
    def test_a_task_that_is_not_tuned_has_none(self):
        self.assertEqual((hpo.get_hpo_config(), hpo.get_hpo_params()), ({}, {}))

    def test_a_flat_object_is_config_and_parameters(self):
        os.environ["HPO_PARAMS"] = '{"learning-rate": 0.01, "activation": "relu"}'
        expected = {"learning-rate": 0.01, "activation": "relu"}
        self.assertEqual((hpo.get_hpo_config(), hpo.get_hpo_params()), (expected, expected))

    def test_id_and_budget_belong_to_the_trial_and_are_no_parameters(self):
        os.environ["HPO_PARAMS"] = '{"config-id": "0_0_1", "budget": 9, "alpha": 0.1}'
        self.assertEqual(hpo.get_hpo_params(), {"alpha": 0.1})
        self.assertEqual(hpo.get_hpo_config()["budget"], 9)

    def test_early_controllers_nest_the_parameters_as_text(self):
        os.environ["HPO_PARAMS"] = '{"config-id": "0_0_1", "budget": 9, "hpo-conf": "{\\"alpha\\": 0.1}"}'
        self.assertEqual(hpo.get_hpo_params(), {"alpha": 0.1})

    def test_nested_parameters_may_be_an_object(self):
        os.environ["HPO_PARAMS"] = '{"hpo-conf": {"alpha": 0.1}}'
        self.assertEqual(hpo.get_hpo_params(), {"alpha": 0.1})

    def test_fails_if_the_variable_is_no_object(self):
        for text in ("[1]", "{", "alpha=1"):
            with self.subTest(text=text):
                os.environ["HPO_PARAMS"] = text
                with self.assertRaisesRegex(MyelinError, r"^'HPO_PARAMS' \(.*\) must be a JSON object"):
                    hpo.get_hpo_params()

    def test_fails_if_the_nested_parameters_are_no_object(self):
        os.environ["HPO_PARAMS"] = '{"hpo-conf": "[]"}'
        with self.assertRaisesRegex(MyelinError, r"^'HPO_PARAMS.hpo-conf' \('\[\]'\) must be a JSON object"):
            hpo.get_hpo_params()
