from __future__ import annotations

import json
import os

from support import TaskCase

from myelin import MyelinError, feedback


def line(identifier, **more):
    return json.dumps({"id": identifier, "version": "v1", "at": "2026-01-01T00:00:00Z", **more}) + "\n"


def array(value):
    return {"data": {"ndarray": value}}


class FeedbackCase(TaskCase):
    def setUp(self):
        super().setUp()
        self.captured = self.folder / "feedback"
        self.captured.mkdir()
        os.environ["FEEDBACK_PATH"] = str(self.captured)

    def segment(self, name, content):
        path = self.captured / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))


class Records(FeedbackCase):
    def ids(self):
        return [record.id for record in feedback.records()]

    def test_a_line_is_a_record_with_all_its_fields(self):
        self.segment("a.jsonl", line("v1.1", request=array([[1]]), answer=array([[2]]), truth=array([[3]]), reward=0))
        record = next(feedback.records())
        self.assertEqual((record.id, record.version, record.at), ("v1.1", "v1", "2026-01-01T00:00:00Z"))
        self.assertEqual((record.request, record.answer, record.truth, record.reward), (array([[1]]), array([[2]]), array([[3]]), 0))

    def test_segments_are_read_in_order_of_their_paths_below_the_folder_too(self):
        self.segment("b.jsonl", line("3"))
        self.segment("a.jsonl", line("1") + line("2"))
        self.segment("pod-1/c.jsonl", line("4"))
        self.segment("notes.txt", "no record")
        self.assertEqual(self.ids(), ["1", "2", "3", "4"])

    def test_a_torn_last_line_is_left_out_wherever_it_is_torn(self):
        whole = line("ä", request=array([[1.25, 2]])).encode("utf-8")
        for cut in range(1, len(whole) - 1):
            with self.subTest(cut=cut):
                self.segment("a.jsonl", line("1").encode("utf-8") + whole[:cut])
                self.assertEqual(self.ids(), ["1"])

    def test_a_last_line_that_lacks_only_its_newline_counts(self):
        self.segment("a.jsonl", line("1") + line("2").rstrip("\n"))
        self.assertEqual(self.ids(), ["1", "2"])

    def test_a_tail_of_zero_bytes_after_a_power_cut_is_left_out(self):
        self.segment("a.jsonl", line("1").encode() + b"\0" * 512)
        self.assertEqual(self.ids(), ["1"])

    def test_each_segment_may_have_its_torn_line(self):
        self.segment("a.jsonl", line("1") + '{"id": "2"')
        self.segment("b.jsonl", line("3") + '{"id"')
        self.assertEqual(self.ids(), ["1", "3"])

    def test_empty_lines_segments_and_unknown_fields_are_fine(self):
        self.segment("a.jsonl", "")
        self.segment("b.jsonl", "\n" + line("1", schema=2) + "\n")
        self.assertEqual(self.ids(), ["1"])

    def test_before_anything_is_captured_there_is_nothing(self):
        self.assertEqual(self.ids(), [])
        os.environ["FEEDBACK_PATH"] = str(self.folder / "not-there-yet")
        self.assertEqual(self.ids(), [])
        del os.environ["FEEDBACK_PATH"]
        self.assertEqual(self.ids(), [])

    def test_a_path_that_is_given_wins_over_the_variable(self):
        self.segment("a.jsonl", line("1"))
        del os.environ["FEEDBACK_PATH"]
        self.assertEqual([record.id for record in feedback.records(str(self.captured))], ["1"])

    def test_fails_if_a_line_before_the_last_is_broken_and_names_its_place(self):
        for broken in ('{"id": "2"', "[]", '{"version": "v1"}', '{"id": 7}'):
            with self.subTest(broken=broken):
                self.segment("a.jsonl", line("1") + broken + "\n" + line("3"))
                with self.assertRaisesRegex(MyelinError, r"^'.*a\.jsonl:2' \(.*\) must be a feedback record, repair or remove the line"):
                    self.ids()


class Load(FeedbackCase):
    def test_a_truth_that_came_later_joins_its_request_from_another_segment(self):
        self.segment("a.jsonl", line("b", request=array([[1]])) + line("a", request=array([[2]])))
        self.segment("b.jsonl", line("b", truth=array([[7]]), reward=1.0))
        first, second = feedback.load()
        self.assertEqual((first.id, first.truth), ("a", None))
        self.assertEqual((second.request, second.truth, second.reward), (array([[1]]), array([[7]]), 1.0))

    def test_a_duplicate_delivery_counts_once_and_the_newest_truth_wins(self):
        self.segment("a.jsonl", line("a", request=array([[1]]), truth=array([[2]])) * 3 + line("a", truth=array([[4]])))
        self.assertEqual([item.truth for item in feedback.load()], [array([[4]])])


class RowsAndLabels(FeedbackCase):
    def xy(self, request, truth):
        self.segment("a.jsonl", line("a", request=request, truth=truth))
        return feedback.load_xy()

    def test_a_row_and_its_label(self):
        self.assertEqual(self.xy(array([[1, 2]]), array([[3]])), ([[1, 2]], [3]))

    def test_the_forms_in_which_clients_send_one_row(self):
        tensor = {"data": {"tensor": {"shape": [1, 2], "values": [1, 2]}}}
        for request in (array([1, 2]), tensor, [[1, 2]], {"data": {"tensor": {"shape": [2], "values": [1, 2]}}}):
            for truth in (array([3]), array([[3]]), array(3), 3, [3], {"data": {"tensor": {"shape": [1], "values": [3]}}}):
                with self.subTest(request=request, truth=truth):
                    self.assertEqual(self.xy(request, truth), ([[1, 2]], [3]))

    def test_several_rows_of_one_request(self):
        self.assertEqual(self.xy(array([[1], [2], [3]]), array([7, 8, 9])), ([[1], [2], [3]], [7, 8, 9]))

    def test_a_tensor_of_images_keeps_its_shape(self):
        request = {"data": {"tensor": {"shape": [2, 2, 2], "values": [1, 2, 3, 4, 5, 6, 7, 8]}}}
        self.assertEqual(self.xy(request, array([0, 1])), ([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], [0, 1]))

    def test_several_outputs_stay_a_list(self):
        self.assertEqual(self.xy(array([[1]]), array([[0, 1, 0]])), ([[1]], [[0, 1, 0]]))
        self.assertEqual(self.xy(array([[1]]), array([0, 1, 0])), ([[1]], [[0, 1, 0]]))

    def test_feedback_without_request_or_truth_is_left_out(self):
        self.segment("a.jsonl", line("a", request=array([[1]])) + line("b", truth=array([[1]])) + line("c", reward=1))
        self.assertEqual(feedback.load_xy(), ([], []))

    def test_a_truth_that_does_not_fit_its_request_is_left_out_with_a_warning(self):
        for request, truth in ((array([[1], [2]]), array([7])), (array([[1]]), {"label": 3}), ({"names": []}, array([1])), (array([]), array([]))):
            with self.subTest(request=request, truth=truth):
                with self.assertLogs("myelin.feedback", "WARNING") as logs:
                    self.assertEqual(self.xy(request, truth), ([], []))
                self.assertIn("truth does not fit request: id=a", logs.output[0])
