"""The web collector's table while it refuses something: uploads and withdrawals go on, and it is made up for when that is put right."""

import subprocess
import unittest

import postgres
import samples
import test_postgres_web
from uploading import PANELCTL, Uploading


class ClosedTable(Uploading):
    """Whatever is wrong with the table, nothing that was withdrawn or dropped stays in it, and nothing is missing in the end."""

    WEB_ROW = "INSERT INTO home_drawndigit VALUES (%s, 4, 'data:image/png;base64,1', now(), 'Web')"
    SEQUENCE = "SELECT setval(pg_get_serial_sequence('home_drawndigit', 'id'), (SELECT max(id) FROM home_drawndigit))"

    TRIGGER = """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not here'; END $$;
        CREATE TRIGGER refuse BEFORE {} ON home_drawndigit FOR EACH ROW EXECUTE FUNCTION refuse()"""
    NO_TRIGGER = "DROP TRIGGER refuse ON home_drawndigit"

    def setUp(self):
        super().setUp()
        self.ask(test_postgres_web.WebCollectorsTable.TABLE)

    def panelctl(self, *words) -> None:
        done = subprocess.run([PANELCTL, *words], capture_output=True, text=True, env=self.environment(), timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)

    def withdraw(self, spool, drawings) -> list[samples.Drawing]:
        """Withdraws a visit whose drawings are in the table under a name; what is left of the drawings."""
        visit = next(each.session for each in drawings if each.data_set and each.name)
        self.panelctl("withdraw", "--session", str(visit), "--yes", "--spool", spool)
        return [each for each in drawings if each.session != visit]

    def more(self, spool) -> list[samples.Drawing]:
        return samples.add(spool, samples.drawings(20, samples.identity(spool), seed=9, first=301))

    def served(self) -> list[str]:
        rows = self.ask("SELECT w.sample::text FROM home_drawndigit t LEFT JOIN digit_panel.web_rows w ON w.id = t.id WHERE username <> 'Web'")
        return sorted(str(row[0]) for row in rows)

    def assert_served(self, drawings) -> None:
        self.assertEqual(self.served(), sorted(str(each.identifier) for each in drawings if each.data_set))

    def refer(self, before, left, checked: str) -> int:
        """Has another table refer to a drawing that was withdrawn; how many that were are in the table."""
        gone = [str(each.identifier) for each in before if each.data_set and each not in left]
        self.ask(f"CREATE TABLE liked (digit bigint REFERENCES home_drawndigit {checked})")
        self.ask("INSERT INTO liked SELECT id FROM digit_panel.web_rows WHERE sample = %s", (gone[0],))
        return len(gone)

    def shown(self) -> int:
        return self.ask("SELECT count(*) FROM home_drawndigit WHERE username NOT IN ('Anonymous', 'Web')")[0][0]

    def test_what_is_withdrawn_leaves_a_table_whose_sequence_is_behind_and_the_rest_comes_when_it_is_right(self):
        spool, drawings = self.store(200)
        self.assertEqual(self.sync(spool).report["web_collector"], "table")
        self.assert_served(drawings)
        self.ask(self.WEB_ROW, (100_000,))
        left = self.withdraw(spool, drawings)
        more = self.more(spool)
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["uploaded"], told.report["web_collector"]), (0, 20, None), told.complaint)
        self.assertEqual(told.report["web_collector_left"], 0)
        self.assert_served(left)
        self.panelctl("anonymise", "--spool", spool)
        self.assertGreater(self.shown(), 0)
        self.assertEqual(self.sync(spool).status, 0)
        self.assertEqual(self.shown(), 0)
        self.ask(self.SEQUENCE)
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["web_collector"]), (0, "table"), told.complaint)
        self.assert_served(left + more)
        self.assertEqual(self.shown(), 0)
        self.assertEqual(self.ask("SELECT count(*) FROM home_drawndigit WHERE id = 100000"), [(1,)])

    def test_a_table_in_which_nothing_can_be_changed_is_told_and_made_up_for(self):
        spool, drawings = self.store(200)
        self.sync(spool)
        self.ask("ALTER TABLE home_drawndigit RENAME COLUMN id TO number")
        left = self.withdraw(spool, drawings)
        self.panelctl("anonymise", "--spool", spool)
        more = self.more(spool)
        told = self.sync(spool)
        gone = sum(each.data_set for each in drawings) - sum(each.data_set for each in left)
        self.assertEqual((told.status, told.report["web_collector"]), (1, None), told.complaint)
        self.assertEqual((told.report["uploaded"], told.report["web_collector_left"]), (20, gone))
        self.assertEqual(self.sync(spool).status, 1, "as long as they are there")
        self.ask("ALTER TABLE home_drawndigit RENAME COLUMN number TO id")
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["web_collector"], told.report["web_collector_left"]), (0, "table", 0), told.complaint)
        self.assert_served(left + more)
        # Those that came after the names were dropped bear theirs.
        named = sum(each.data_set and bool(each.name) for each in more)
        self.assertLessEqual(self.shown(), named)

    def test_a_right_that_was_taken_away_and_given_back(self):
        self.cluster.ask("postgres", "DROP ROLE IF EXISTS guest")
        self.cluster.ask("postgres", "CREATE ROLE guest LOGIN")
        self.ask("CREATE SCHEMA digit_panel AUTHORIZATION guest")
        self.ask("GRANT SELECT, INSERT, UPDATE, DELETE ON home_drawndigit TO guest")
        self.ask("GRANT USAGE ON SEQUENCE home_drawndigit_id_seq TO guest")
        address = self.cluster.address(self.database, user="guest")
        spool, drawings = self.store(200)
        self.assertEqual(self.sync(spool, address).report["web_collector"], "table")
        self.ask("REVOKE DELETE ON home_drawndigit FROM guest")
        left = self.withdraw(spool, drawings)
        self.panelctl("anonymise", "--spool", spool)
        told = self.sync(spool, address)
        gone = sum(each.data_set for each in drawings) - sum(each.data_set for each in left)
        names = sum(each.data_set and bool(each.name) for each in left)
        self.assertEqual((told.status, told.report["web_collector_left"]), (1, gone + names), told.complaint)
        self.ask("GRANT DELETE ON home_drawndigit TO guest")
        told = self.sync(spool, address)
        self.assertEqual((told.status, told.report["web_collector_left"]), (0, 0), told.complaint)
        self.assert_served(left)
        self.assertEqual(self.shown(), 0)

    def test_rows_of_another_table_under_the_same_numbers_are_nobodys_to_remove(self):
        spool, drawings = self.store(100)
        self.sync(spool)
        self.ask("DROP TABLE home_drawndigit")
        self.ask(test_postgres_web.WebCollectorsTable.TABLE)
        for number in range(1, 101):
            self.ask(self.WEB_ROW, (number,))
        left = self.withdraw(spool, drawings)
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["web_collector"]), (0, None), told.complaint)
        self.assertEqual(self.ask("SELECT count(*) FROM home_drawndigit"), [(100,)])
        self.ask(self.SEQUENCE)
        self.assertEqual(self.sync(spool).report["web_collector"], "table")
        self.assertEqual(self.ask("SELECT count(*) FROM home_drawndigit WHERE username = 'Web'"), [(100,)])
        self.assert_served(left)

    def test_a_table_that_was_restored_is_the_same_table_and_nothing_is_doubled(self):
        spool, drawings = self.store(100)
        self.sync(spool)
        self.ask("CREATE TABLE restored (LIKE home_drawndigit INCLUDING ALL)")
        self.ask("INSERT INTO restored SELECT * FROM home_drawndigit")
        self.ask("DROP TABLE home_drawndigit")
        self.ask("ALTER TABLE restored RENAME TO home_drawndigit")
        left = self.withdraw(spool, drawings)
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["web_collector"]), (0, None), "its sequence begins anew")
        self.assert_served(left)
        self.ask(self.SEQUENCE)
        more = self.more(spool)
        self.assertEqual(self.sync(spool).report["web_collector"], "table")
        self.assert_served(left + more)

    def _a_drawing_that_another_table_refers_to(self, checked: str) -> None:
        spool, drawings = self.store(200)
        self.sync(spool)
        left = self.withdraw(spool, drawings)
        gone = self.refer(drawings, left, checked)
        more = self.more(spool)
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["web_collector"], told.report["uploaded"]), (1, None, 20), told.complaint)
        self.assertEqual((told.report["removed_there"], told.report["web_collector_left"]), (len(drawings) - len(left), gone))
        there = self.ask("SELECT uuid::text FROM digit_panel.samples")
        self.assertEqual(sorted(row[0] for row in there), sorted(str(each.identifier) for each in left + more))
        self.assertEqual(self.ask("SELECT count(*) FROM digit_panel.tombstones WHERE kind = 'session'"), [(1,)])
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["web_collector_left"]), (1, gone), "as long as they are there")
        self.ask("DROP TABLE liked")
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["web_collector"], told.report["web_collector_left"]), (0, "table", 0), told.complaint)
        self.assert_served(left + more)

    def test_a_drawing_that_another_table_refers_to_is_withdrawn_and_leaves_the_table_when_it_can(self):
        self._a_drawing_that_another_table_refers_to("")

    def test_so_is_one_whose_reference_is_looked_at_in_the_end(self):
        self._a_drawing_that_another_table_refers_to("DEFERRABLE INITIALLY DEFERRED")

    def test_what_is_still_in_the_table_is_told_though_the_connection_broke_meanwhile(self):
        spool, drawings = self.store(100)
        self.sync(spool)
        left = self.withdraw(spool, drawings)
        gone = self.refer(drawings, left, "")
        line = postgres.Line(self.cluster.port, swallow=1)
        told = self.sync(spool, self.cluster.address(self.database, port=line.port))
        self.assertEqual((told.status, line.cuts, told.report["web_collector_left"]), (1, 1, gone), told.complaint)

    def test_names_that_the_table_does_not_let_go_are_dropped_and_leave_it_when_they_can(self):
        spool, drawings = self.store(100)
        self.sync(spool)
        shown = self.shown()
        self.ask(self.TRIGGER.format("UPDATE"))
        self.panelctl("anonymise", "--spool", spool)
        more = self.more(spool)
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["uploaded"], told.report["web_collector_left"]), (1, 20, shown), told.complaint)
        self.assertEqual(self.ask("SELECT count(*) FROM digit_panel.contributors WHERE dropped AND name IS NOT NULL"), [(0,)])
        self.ask(self.NO_TRIGGER)
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["web_collector"], told.report["web_collector_left"]), (0, "table", 0), told.complaint)
        self.assert_served(drawings + more)
        self.assertLessEqual(self.shown(), sum(each.data_set and bool(each.name) for each in more))

    def _a_table_that_refuses_drawings(self, obstacle: str, remedy: str) -> None:
        self.ask(obstacle)
        spool, drawings = self.store(200)
        for uploaded in (200, 0):
            told = self.sync(spool)
            self.assertEqual((told.status, told.report["uploaded"], told.report["web_collector"]), (0, uploaded, None), told.complaint)
        self.assertEqual(self.served(), [])
        left = self.withdraw(spool, drawings)
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["removed_there"]), (0, len(drawings) - len(left)), told.complaint)
        self.ask(remedy)
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["web_collector"]), (0, "table"), told.complaint)
        self.assert_served(left)

    def test_a_trigger_that_refuses_drawings_stops_no_upload(self):
        self._a_table_that_refuses_drawings(self.TRIGGER.format("INSERT"), self.NO_TRIGGER)

    def test_a_constraint_that_refuses_drawings_stops_no_upload(self):
        self._a_table_that_refuses_drawings(
            "ALTER TABLE home_drawndigit ADD CONSTRAINT short CHECK (length(image_data) < 100)",
            "ALTER TABLE home_drawndigit DROP CONSTRAINT short",
        )

    def test_a_drawing_that_our_own_table_refuses_closes_nothing(self):
        self.sync(self.store(0, name="none")[0])
        spool, drawings = self.store(100)
        bad = str(next(each.identifier for each in drawings if each.data_set))
        self.ask(f"ALTER TABLE digit_panel.samples ADD CHECK (uuid <> '{bad}')")
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["uploaded"], told.report["web_collector"]), (1, 99, "table"), told.complaint)
        self.assertEqual([each["id"] for each in told.report["set_aside"]], [bad])
        self.assert_served([each for each in drawings if str(each.identifier) != bad])


if __name__ == "__main__":
    unittest.main()
