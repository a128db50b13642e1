import json
import tempfile
import unittest
from dataclasses import asdict

from tests.agent_test_case import SETTINGS
from uploads_backup.settings import Settings, SettingsError


class SettingsTests(unittest.TestCase):
    def test_settings_are_read_as_they_were_written(self):
        self.assertEqual(SETTINGS, read(asdict(SETTINGS)))

    def test_every_missing_and_unknown_key_is_named_with_the_file(self):
        given = asdict(SETTINGS) | {"regon": "us-east-1"}
        del given["region"], given["name"]

        with self.assertRaises(SettingsError) as refused:
            read(given)

        self.assertRegex(str(refused.exception), r"^/.*\.json: name is missing, region is missing, regon is unknown\. The keys are name, ")


def read(given):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(given, file)
        file.flush()
        return Settings.read(file.name)
