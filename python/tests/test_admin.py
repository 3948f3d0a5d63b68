from __future__ import annotations

import os

from support import TaskCase

from myelin import MyelinError, admin


class OtherTask(TaskCase):
    def test_its_folders_are_those_of_its_variables(self):
        os.environ["DATA_PATH_CleanRecords"] = "/data/clean"
        os.environ["MODEL_PATH_CleanRecords"] = "/models/clean"
        task = admin.task(task_name="CleanRecords")
        self.assertEqual((task.data_path, task.model_path), ("/data/clean", "/models/clean"))

    def test_its_model_lies_beside_its_data(self):
        os.environ["DATA_PATH_prepare"] = "/data"
        self.assertEqual(admin.task(task_name="prepare").model_path, "/data")

    def test_a_task_that_hands_nothing_on_is_none(self):
        os.environ["DATA_PATH"] = "/own"
        os.environ["DATA_PATH_other"] = ""
        self.assertIsNone(admin.task(task_name="prepare"))
        self.assertIsNone(admin.task(task_name="other"))

    def test_a_dash_may_be_an_underscore_in_the_variable_and_the_exact_name_wins(self):
        os.environ["DATA_PATH_clean_records"] = "/underscore"
        self.assertEqual(admin.task(task_name="clean-records").data_path, "/underscore")
        os.environ["DATA_PATH_clean-records"] = "/exact"
        self.assertEqual(admin.task(task_name="clean-records").data_path, "/exact")


class LiveModel(TaskCase):
    def test_its_folder_is_that_of_the_variable_and_none_while_nothing_is_live(self):
        self.assertIsNone(admin.live_model_path())
        os.environ["LIVE_MODEL_PATH"] = ""
        self.assertIsNone(admin.live_model_path())
        os.environ["LIVE_MODEL_PATH"] = "/store/digits/train/first"
        self.assertEqual(admin.live_model_path(), "/store/digits/train/first")


class OwnFolders(TaskCase):
    def test_they_come_from_the_environment(self):
        os.environ.update({"DATA_PATH": "/data", "MODEL_PATH": "/model"})
        self.assertEqual((admin.data_path(), admin.model_path(default_value=".")), ("/data", "/model"))

    def test_the_default_counts_when_the_variable_is_missing_or_empty(self):
        os.environ["MODEL_PATH"] = ""
        self.assertEqual(admin.model_path(default_value="."), ".")
        self.assertIsNone(admin.data_path(default_value=None))

    def test_fails_if_there_is_neither(self):
        with self.assertRaisesRegex(MyelinError, r"^'MODEL_PATH' \(not set\) must be set, run the code as a task of an axon, or set it"):
            admin.model_path()
        with self.assertRaisesRegex(MyelinError, r"^'DATA_PATH' \(not set\) must be set"):
            admin.data_path()
