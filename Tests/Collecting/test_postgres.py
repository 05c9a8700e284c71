"""Uploads to a real PostgreSQL: what is there is there once, however often it is repeated or done side by side."""

import shutil
import unittest

import postgres
import samples
from uploading import Uploading


class PlainUploads(Uploading):
    def test_every_drawing_is_there_once_with_the_bytes_it_was_stored_with(self):
        spool, drawings = self.store(3000)
        told = self.sync(spool)
        self.assertEqual((told.status, told.complaint), (0, ""))
        self.assertEqual((told.report["uploaded"], told.report["present"], told.report["error"]), (3000, 0, None))
        self.assert_whole(drawings)
        columns = "uuid::text, label, contributor::text, session::text, sequence, data_set, language, clock, digit, confidence"
        there = {row[0]: row[1:] for row in self.ask(f"SELECT {columns}, drawn_at FROM digit_panel.samples")}
        for each in drawings[::97]:
            *values, drawn = there[str(each.identifier)]
            expected = [each.label, str(each.contributor), str(each.session), each.sequence, each.data_set, "en", "rtc"]
            self.assertEqual(values, [*expected, each.label, 1.0])
            self.assertEqual(round(drawn.timestamp() * 1000), each.wall)
        pictures = dict(self.ask("SELECT uuid::text, png FROM digit_panel.drawings"))
        self.assertEqual(len(pictures), sum(each.data_set for each in drawings), "only who agreed is in the data set")
        for each in drawings[::97]:
            if each.data_set:
                self.assertEqual(bytes(pictures[str(each.identifier)]), each.png)

    def test_names_are_apart_from_the_samples_and_only_where_they_may_be_shown(self):
        spool, drawings = self.store(200)
        self.sync(spool)
        names = dict(self.ask("SELECT pseudonym::text, name FROM digit_panel.contributors"))
        self.assertEqual(names, {str(each.contributor): each.name for each in drawings})
        whole = self.ask("SELECT string_agg(to_jsonb(s)::text, '') FROM (SELECT * FROM digit_panel.samples) s")[0][0]
        self.assertNotIn("Zo", whole)

    def test_a_second_run_sends_nothing_and_a_third_only_what_is_new(self):
        spool, drawings = self.store(700)
        self.sync(spool)
        again = self.sync(spool)
        self.assertEqual((again.status, again.report["uploaded"], again.report["present"]), (0, 0, 0))
        more = samples.add(spool, samples.drawings(30, samples.identity(spool), seed=9, first=701))
        third = self.sync(spool)
        self.assertEqual((third.status, third.report["uploaded"], third.report["present"]), (0, 30, 0))
        self.assert_whole(drawings + more)

    def test_without_its_memory_it_asks_and_sends_nothing_twice(self):
        spool, drawings = self.store(3000)
        self.sync(spool)
        self.forget(spool)
        line = postgres.Line(self.cluster.port)
        told = self.sync(spool, self.cluster.address(self.database, port=line.port))
        self.assertEqual((told.status, told.report["uploaded"], told.report["present"]), (0, 0, 3000))
        self.assertLess(line.carried[0], 400_000, "ids only, not records")
        self.assert_whole(drawings)

    def test_a_batch_that_is_there_after_all_crosses_once(self):
        spool, drawings = self.store(100)
        self.sync(spool)
        copy = shutil.copytree(spool, self.place / "copy")
        more = samples.add(spool, samples.drawings(400, samples.identity(spool), seed=9, first=301))
        samples.add(copy, more)
        carried = []
        for each, present in ((spool, 0), (copy, 400)):
            line = postgres.Line(self.cluster.port)
            told = self.sync(each, self.cluster.address(self.database, port=line.port))
            self.assertEqual((told.status, told.report["present"]), (0, present), told.complaint)
            self.assertEqual(told.report["uploaded"], 400 - present)
            carried.append(line.carried[0])
        self.assertLess(carried[1], 1.2 * carried[0])
        self.assert_whole(drawings + more)

    def test_a_database_restored_from_an_older_copy_gets_back_what_it_lost(self):
        spool, drawings = self.store(600)
        self.sync(spool)
        older = self.copied()
        drawings += samples.add(spool, samples.drawings(900, samples.identity(spool), seed=9, first=601))
        self.sync(spool)
        self.restore(older)
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["uploaded"]), (0, 900))
        self.assert_whole(drawings)

    def test_a_drawing_that_was_set_aside_first_comes_back_too_after_a_restore(self):
        spool, drawings = self.store(300)
        mended, broken = drawings[123], drawings[45]
        for each in (mended, broken):
            self.put(spool, each, self.damaged(each))
        self.assertEqual(self.sync(spool).report["uploaded"], 298)
        older = self.copied()
        self.put(spool, mended, mended.record)
        self.assertEqual(self.sync(spool).report["uploaded"], 1)
        self.restore(older)
        for uploaded in (1, 0):
            told = self.sync(spool)
            self.assertEqual((told.status, told.report["uploaded"]), (1, uploaded))
            self.assertEqual([each["id"] for each in told.report["set_aside"]], [str(broken.identifier)])
            self.assert_whole([each for each in drawings if each is not broken])
        self.put(spool, broken, broken.record)
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["uploaded"]), (0, 1))
        self.assert_whole(drawings)

    def test_two_databases_are_remembered_apart(self):
        spool, drawings = self.store(100)
        self.sync(spool)
        other = self.cluster.create(self.database + "_b")
        self.assertEqual(self.sync(spool, other).report["uploaded"], 100)
        self.assertEqual(self.sync(spool).report["uploaded"], 0)
        self.assertEqual(self.sync(spool, other).report["uploaded"], 0)

    def test_a_dry_run_tells_and_changes_nothing(self):
        spool, drawings = self.store(120)
        told = self.sync(spool, None, "--dry-run")
        self.assertEqual((told.status, told.report["uploaded"], told.report["dry_run"]), (0, 120, True))
        self.assertFalse(self.tables())
        self.sync(spool)
        samples.add(spool, samples.drawings(5, samples.identity(spool), seed=9, first=121))
        before = (spool / "panel.db").read_bytes()
        told = self.sync(spool, None, "--dry-run")
        self.assertEqual((told.status, told.report["uploaded"]), (0, 5))
        self.assertEqual((spool / "panel.db").read_bytes(), before)
        self.assert_whole(drawings)

    def test_an_empty_store_is_no_trouble(self):
        spool, _ = self.store(0)
        self.assertEqual(self.sync(spool).report["uploaded"], 0)

    def test_a_damaged_record_is_set_aside_and_goes_up_once_it_is_mended(self):
        spool, drawings = self.store(300)
        broken = drawings[123]
        self.put(spool, broken, self.damaged(broken))
        for uploaded in (299, 0):
            told = self.sync(spool)
            self.assertEqual((told.status, told.report["uploaded"], told.report["present"]), (1, uploaded, 0))
            self.assertEqual([each["id"] for each in told.report["set_aside"]], [str(broken.identifier)])
            self.assertIn("SHA-256", told.report["set_aside"][0]["reason"])
        self.assert_whole([each for each in drawings if each is not broken])
        self.put(spool, broken, broken.record)
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["uploaded"], told.report["present"]), (0, 1, 0))
        self.assert_whole(drawings)

    def test_the_same_id_with_other_bytes_is_a_conflict_and_overwrites_nothing(self):
        spool, drawings = self.store(300)
        one = drawings[77]
        other = samples.record(
            one.identifier, 9, one.contributor, one.session, samples.panel_of(one.record), one.sequence, one.wall, one.png,
            b"\0\0\0\0",
        )
        false_spool, _ = self.store(0, name="false")
        samples.add(false_spool, [samples.dataclasses.replace(one, label=9, record=other)])
        self.sync(false_spool)
        for uploaded in (299, 0):
            told = self.sync(spool)
            self.assertEqual((told.status, told.report["uploaded"], told.report["present"]), (3, uploaded, 0))
            self.assertEqual([each["id"] for each in told.report["conflicts"]], [str(one.identifier)])
            self.assertIn(str(one.identifier), told.complaint)
        kept = self.ask("SELECT record FROM digit_panel.samples WHERE uuid = %s", (str(one.identifier),))[0][0]
        self.assertEqual(bytes(kept), other)
        self.assertEqual(self.ask("SELECT count(*) FROM digit_panel.samples")[0][0], 300)

    def test_rows_that_the_database_refuses_stay_behind_and_the_others_go(self):
        spool, drawings = self.store(400)
        self.sync(self.store(0, name="none")[0])
        self.ask("ALTER TABLE digit_panel.samples ADD CONSTRAINT no_threes CHECK (label <> 3)")
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["uploaded"], len(told.report["set_aside"])), (1, 360, 40))
        self.assertIn("no_threes", told.report["set_aside"][0]["reason"])
        self.ask("ALTER TABLE digit_panel.samples DROP CONSTRAINT no_threes")
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["uploaded"]), (0, 40))
        self.assert_whole(drawings)

    def test_texts_that_postgresql_has_no_room_for_go_up_all_the_same(self):
        spool, _ = self.store(0)
        panel = samples.identity(spool)
        made = next(iter(samples.drawings(1, panel, seed=4)))
        content = samples.record(
            made.identifier, 4, made.contributor, made.session, panel, 1, -(1 << 62), made.png, b"\0\0\0\0", language=b"e\0n"
        )
        odd = samples.dataclasses.replace(made, record=content, label=4, wall=-(1 << 62), name="\U0001f469\u200d\U0001f680 'x\\")
        samples.add(spool, [odd])
        self.assertEqual(self.sync(spool).status, 0)
        row = self.ask("SELECT s.language, s.drawn_at, c.name FROM digit_panel.samples s, digit_panel.contributors c")[0]
        self.assertEqual((row[0], row[1].year, row[2]), ("e\ufffdn", 1, odd.name))


class SideBySide(Uploading):
    def test_two_uploaders_of_the_same_drawings_put_each_there_once(self):
        spool, drawings = self.store(3000)
        shutil.copytree(spool, self.place / "copy")
        for turn in range(3):
            self.ask("DROP SCHEMA IF EXISTS digit_panel CASCADE")
            # Also the tables are made by both at once.
            runs = [self.start(each) for each in (spool, self.place / "copy")]
            told = [self.finish(run) for run in runs]
            self.assertEqual([each.status for each in told], [0, 0], [each.complaint for each in told])
            self.assertEqual(sum(each.report["uploaded"] for each in told), 3000)
            self.assert_whole(drawings)

    def test_two_runs_over_one_store_put_each_there_once(self):
        spool, drawings = self.store(3000)
        told = [self.finish(run) for run in [self.start(spool), self.start(spool)]]
        self.assertEqual([each.status for each in told], [0, 0], [each.complaint for each in told])
        self.assert_whole(drawings)
        self.assertEqual(self.sync(spool).report["uploaded"], 0)

    def test_a_pooler_in_transaction_mode_may_change_the_session_at_any_time(self):
        spool, drawings = self.store(3000)
        pooler = postgres.Pooler(self.cluster, sessions=2)
        self.addCleanup(pooler.remove)
        address = self.cluster.address(self.database, port=pooler.port)
        stores = [spool]
        for number in range(2):
            stores.append(shutil.copytree(spool, self.place / f"copy{number}"))
        told = [self.finish(run) for run in [self.start(each, address) for each in stores]]
        self.assertEqual([each.status for each in told], [0, 0, 0], [each.complaint for each in told])
        self.assertEqual(sum(each.report["uploaded"] for each in told), 3000)
        self.assert_whole(drawings)
        self.assertEqual(self.sync(spool, address).report["uploaded"], 0)


if __name__ == "__main__":
    unittest.main()
