from __future__ import annotations

import json
import unittest

from support import CONTRACT

from myelin import MyelinError
from myelin.version import version_hash

GOLDEN = json.loads((CONTRACT / "fixtures" / "version-hash.json").read_text(encoding="utf-8"))


class Version(unittest.TestCase):
    def test_golden_cases_of_the_contract(self):
        self.assertTrue(GOLDEN["cases"])
        for case in GOLDEN["cases"]:
            with self.subTest(case["name"]):
                self.assertEqual(version_hash(case["events"]), case["version"])

    def test_fails_if_the_contract_refuses_the_events(self):
        self.assertTrue(GOLDEN["refused"])
        for case in GOLDEN["refused"]:
            with self.subTest(case["name"]):
                with self.assertRaises(MyelinError):
                    version_hash(case["events"])

    def test_fails_if_there_is_no_event(self):
        with self.assertRaisesRegex(MyelinError, r"^'event_ids' \(none\) must hold at least one id"):
            version_hash(iter(()))

    def test_fails_if_an_id_is_not_a_text_of_one_line(self):
        for event_id in (7, None, b"a", "a\nb", ""):
            with self.subTest(event_id=event_id):
                with self.assertRaisesRegex(MyelinError, r"^'event id' \(.*\) must be a text of one line"):
                    version_hash([event_id])

    def test_any_iterable_of_ids_is_read_once(self):
        self.assertEqual(version_hash(iter(["b", "a"])), version_hash(["a", "b"]))


if __name__ == "__main__":
    unittest.main()
