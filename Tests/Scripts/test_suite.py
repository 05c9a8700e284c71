"""What runs and counts the Python tests: every test that was found counts, whatever came between."""

import pathlib
import subprocess
import tempfile
import textwrap
import unittest

SUITE = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "testing" / "suite.py"


class Suite(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text("import pathlib\nimport time\nimport unittest\n\n" + textwrap.dedent(text))

    def run_suite(self, *words: str) -> tuple[int, str, str]:
        """Exit code, counts, and what was told."""
        counted = self.folder / "counted"
        counted.unlink(missing_ok=True)
        done = subprocess.run(
            [SUITE, self.folder, counted, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
        return done.returncode, counted.read_text().strip() if counted.exists() else "", done.stdout

    def test_the_first_failure_stops_it_and_what_did_not_run_is_not_counted(self):
        self.write("test_some.py", """
            class A(unittest.TestCase):
                def test_1(self): pass
                def test_2(self): self.fail("here")
                def test_3(self): pass
            class B(unittest.TestCase):
                def test_1(self): pass
        """)
        self.assertEqual(self.run_suite()[:2], (1, "3 1 0"))
        code, counted, told = self.run_suite("-f")
        self.assertEqual((code, counted), (1, "1 1 0"), told)
        self.assertNotIn("test_3", told)
        # Without a failure it runs all.
        self.assertEqual(self.run_suite("-f", "-k", "test_1")[:2], (0, "2 0 0"))

    def test_side_by_side_no_class_begins_after_the_first_failure(self):
        self.write("test_some.py", """
            class A(unittest.TestCase):
                def test_1(self): self.fail("here")
                def test_2(self): pass
            class B(unittest.TestCase):
                def test_1(self):
                    # Until the other has failed and is counted.
                    end = time.monotonic() + 30
                    while not (pathlib.Path(__file__).parent / "counted").exists() and time.monotonic() < end:
                        time.sleep(0.05)
                    time.sleep(0.5)
            class C(unittest.TestCase):
                def test_1(self): pass
        """)
        code, counted, told = self.run_suite("-f", "-j", "2")
        self.assertEqual((code, counted), (1, "1 1 0"), told)
        self.assertEqual(self.run_suite("-j", "2")[:2], (1, "3 1 0"))

    def test_what_all_tests_of_a_class_need_fails_or_skips_them_all(self):
        self.write("test_some.py", """
            class A(unittest.TestCase):
                @classmethod
                def setUpClass(cls): raise OSError("no disk")
                def test_1(self): pass
                def test_2(self): pass
            class B(unittest.TestCase):
                @classmethod
                def setUpClass(cls): raise unittest.SkipTest("no device")
                def test_1(self): pass
            class C(unittest.TestCase):
                def test_1(self): self.skipTest("no")
                def test_2(self): pass
        """)
        self.write("test_without.py", """
            def setUpModule(): raise unittest.SkipTest("no network")
            class D(unittest.TestCase):
                def test_1(self): pass
        """)
        self.assertEqual(self.run_suite()[:2], (1, "1 2 3"))
        self.assertEqual(self.run_suite("-f")[:2], (1, "0 2 0"))

    def test_what_cannot_be_taken_down_or_loaded_has_failed(self):
        self.write("test_some.py", """
            class A(unittest.TestCase):
                @classmethod
                def tearDownClass(cls): raise OSError("still busy")
                def test_1(self): pass
        """)
        self.assertEqual(self.run_suite()[:2], (1, "1 1 0"))
        self.write("test_some.py", "import no_such_module\n")
        self.assertEqual(self.run_suite()[:2], (1, "0 1 0"))


if __name__ == "__main__":
    unittest.main()
