"""Uploads that are killed, cut and refused: nothing is lost, doubled or half there, and what stops them is said."""

import random
import shutil
import signal
import subprocess
import time
import unittest

import postgres
import samples
from uploading import Uploading


class Broken(Uploading):
    """Killed and cut: the store is sent again by the next run, or by the same one."""

    def test_killed_at_random_moments_and_run_again(self):
        spool, drawings = self.store(3000)
        generator = random.Random(5)
        began = time.monotonic()
        self.sync(spool)
        longest = time.monotonic() - began
        for turn in range(25):
            if turn % 5 == 0:
                self.ask("DROP SCHEMA digit_panel CASCADE")
                self.forget(spool)
            run = self.start(spool)
            time.sleep(generator.uniform(0, longest))
            run.kill()
            run.communicate()
        told = self.sync(spool)
        self.assertEqual(told.status, 0, told.complaint)
        self.assert_whole(drawings)
        rows, received = self.ask("SELECT (SELECT count(*) FROM digit_panel.samples), sum(samples) FROM digit_panel.batches")[0]
        self.assertEqual(rows, received, "samples and receipts go together")

    def test_its_session_is_ended_at_random_moments_and_it_goes_on(self):
        spool, drawings = self.store(3000)
        generator = random.Random(6)
        ended, turns = 0, 0
        # On a fast machine a whole upload may pass between two looks: so as many turns as it takes.
        while turns < 6 or ended <= 10:
            self.assertLess(turns, 60, f"{ended} sessions ended")
            self.ask("DROP SCHEMA IF EXISTS digit_panel CASCADE")
            self.forget(spool) if turns else None
            turns += 1
            run, most = self.start(spool), ended + 5
            while run.poll() is None and ended < most:
                time.sleep(generator.uniform(0, 0.12))
                for backend in postgres.backends(self.cluster):
                    ended += self.cluster.ask("postgres", f"SELECT pg_terminate_backend({backend})")[0][0]
            told = self.finish(run)
            self.assertEqual(told.status, 0, told.complaint)
            self.assert_whole(drawings)
        print(f"sessions ended: {ended} in {turns} turns", flush=True)

    def test_a_killed_server_process_takes_all_sessions_with_it_and_the_upload_goes_on(self):
        spool, drawings = self.store(3000)
        generator = random.Random(7)
        killed = 0
        while killed < 4:
            self.ask("DROP SCHEMA IF EXISTS digit_panel CASCADE")
            run = self.start(spool)
            time.sleep(generator.uniform(0.05, 0.4))
            for backend in postgres.backends(self.cluster):
                postgres.kill(backend)
                killed += 1
            told = self.finish(run)
            self.assertEqual(told.status, 0, told.complaint)
            self.assert_whole(drawings)
            self.forget(spool)

    def test_an_answer_to_commit_that_never_comes_leaves_no_doubt(self):
        spool, drawings = self.store(3000)
        line = postgres.Line(self.cluster.port, swallow=5)
        told = self.sync(spool, self.cluster.address(self.database, port=line.port))
        self.assertEqual((told.status, line.cuts), (0, 5), told.complaint)
        self.assertEqual(told.report["uploaded"], 3000, "what was new is counted by the receipt")
        self.assert_whole(drawings)
        self.assertEqual(self.sync(spool).report["uploaded"], 0)

    def test_the_line_is_cut_at_every_two_hundredth_byte_of_a_session(self):
        spool, drawings = self.store(6)
        whole = postgres.Line(self.cluster.port)
        self.sync(spool, self.cluster.address(self.database, port=whole.port))
        cuts = 0
        for way, key in enumerate(("up", "down")):
            for at in range(1, whole.carried[way], 200):
                self.ask("DROP SCHEMA IF EXISTS digit_panel CASCADE")
                self.ask("DROP VIEW IF EXISTS home_drawndigit")
                self.forget(spool)
                line = postgres.Line(self.cluster.port, **{key: at})
                told = self.sync(spool, self.cluster.address(self.database, port=line.port))
                line.close()
                if told.status == 1:
                    # Cut before there was a connection: the next run does it.
                    self.assertIn("cannot ", told.complaint)
                    told = self.sync(spool)
                self.assertEqual(told.status, 0, told.complaint)
                self.assertEqual(self.ask("SELECT count(*), count(DISTINCT uuid) FROM digit_panel.samples"), [(6, 6)])
                cuts += line.cuts
        print(f"cuts: {cuts}, lost 0, doubled 0", flush=True)
        self.assertGreater(cuts, 50)

    def test_interrupted_it_says_so_and_leaves_nothing_half(self):
        spool, drawings = self.store(3000)
        self.sync(self.store(0, name="none")[0])
        for number in (signal.SIGINT, signal.SIGTERM):
            # Another transaction holds what the upload waits for.
            with self.cluster.connect(self.database) as holder, holder.cursor() as cursor:
                cursor.execute("LOCK TABLE digit_panel.samples IN EXCLUSIVE MODE")
                run = self.start(spool)
                deadline = time.monotonic() + 10
                while not self.ask("SELECT 1 FROM pg_locks WHERE NOT granted") and time.monotonic() < deadline:
                    time.sleep(0.02)
                run.send_signal(number)
                told = self.finish(run)
            holder.close()
            self.assertEqual(told.status, 1)
            self.assertIn("interrupted", told.complaint)
        deadline = time.monotonic() + 10
        while postgres.backends(self.cluster) and time.monotonic() < deadline:
            time.sleep(0.02)
        rows, received = self.ask(
            "SELECT (SELECT count(*) FROM digit_panel.samples), (SELECT coalesce(sum(samples), 0) FROM digit_panel.batches)"
        )[0]
        self.assertEqual(rows, received)
        told = self.sync(spool)
        self.assertEqual(told.status, 0)
        self.assert_whole(drawings)


class Refusals(Uploading):
    """What a server says no with is one sentence with the next step, and exit status 1."""

    def refused(self, spool, address, *parts: str) -> None:
        told = self.sync(spool, address)
        self.assertEqual(told.status, 1)
        self.assertEqual(told.complaint.count("\n"), 1, told.complaint)
        for part in parts:
            self.assertIn(part, told.complaint)
        self.assertEqual(told.report["error"], told.complaint.removeprefix("panelctl: ").strip())

    def test_nobody_answers(self):
        spool, _ = self.store(20)
        self.refused(spool, f"postgresql://owner@127.0.0.1:{postgres.free_port()}/d", "Connection refused", "check host and port")
        self.refused(spool, f"postgresql://owner@/d?host={self.place}", "No such file", "check host and port")

    def test_a_host_that_says_nothing_is_given_up(self):
        spool, _ = self.store(20)
        silent = postgres.Line(self.cluster.port, silent=True)
        self.addCleanup(silent.close)
        began = time.monotonic()
        self.refused(spool, self.cluster.address("d", port=silent.port) + "?connect_timeout=2", "no answer within 2 s")
        self.assertLess(time.monotonic() - began, 8)

    def test_no_such_database_and_no_such_user(self):
        spool, _ = self.store(20)
        self.refused(spool, self.cluster.address("nowhere"), 'database "nowhere" does not exist', "createdb")
        self.refused(spool, self.cluster.address(self.database, user="nobody2"), 'role "nobody2" does not exist')

    def test_no_right_to_make_the_tables_and_a_schema_made_by_the_owner(self):
        spool, drawings = self.store(20)
        self.cluster.ask("postgres", "DROP ROLE IF EXISTS plain")
        self.cluster.ask("postgres", "CREATE ROLE plain LOGIN")
        address = self.cluster.address(self.database, user="plain")
        self.refused(spool, address, "permission denied", "CREATE SCHEMA digit_panel AUTHORIZATION")
        self.ask("CREATE SCHEMA digit_panel AUTHORIZATION plain")
        told = self.sync(spool, address)
        self.assertEqual((told.status, told.report["uploaded"], told.report["web_collector"]), (0, 20, None), told.complaint)
        self.ask("GRANT CREATE ON SCHEMA public TO plain")
        self.assertEqual(self.sync(spool, address).report["web_collector"], "view")
        self.assert_whole(drawings)

    def test_a_table_whose_rows_are_secured_one_by_one_takes_them_the_other_way(self):
        self.cluster.ask("postgres", "DROP ROLE IF EXISTS secured")
        self.cluster.ask("postgres", "CREATE ROLE secured LOGIN")
        self.ask("CREATE SCHEMA digit_panel AUTHORIZATION secured")
        self.ask("GRANT CREATE ON SCHEMA public TO secured")
        address = self.cluster.address(self.database, user="secured")
        self.assertEqual(self.sync(self.store(0, name="none")[0], address).status, 0)
        self.ask("ALTER TABLE digit_panel.samples ENABLE ROW LEVEL SECURITY")
        self.ask("ALTER TABLE digit_panel.samples FORCE ROW LEVEL SECURITY")
        self.ask("CREATE POLICY all_of_them ON digit_panel.samples TO secured USING (true) WITH CHECK (true)")
        spool, drawings = self.store(20)
        told = self.sync(spool, address)
        self.assertEqual((told.status, told.report["uploaded"]), (0, 20), told.complaint)
        self.assert_whole(drawings)
        # This way nothing is asked before: what was there is counted from what was not taken, and a damaged one is not of it.
        copy = shutil.copytree(spool, self.place / "copy")
        more = samples.add(spool, samples.drawings(10, samples.identity(spool), seed=9, first=21))
        self.assertEqual(self.sync(spool, address).report["uploaded"], 10)
        samples.add(copy, more)
        self.put(copy, more[3], self.damaged(more[3]))
        told = self.sync(copy, address)
        self.assertEqual((told.status, told.report["uploaded"], told.report["present"]), (1, 0, 9), told.complaint)
        self.assertEqual(len(told.report["set_aside"]), 1)

    def test_a_server_that_may_only_be_read(self):
        spool, _ = self.store(20)
        self.ask(f"ALTER DATABASE {self.database} SET default_transaction_read_only = on")
        self.refused(spool, self.address, "read-only", "primary")

    def test_letters_that_the_database_does_not_have(self):
        spool, _ = self.store(20)
        address = self.cluster.create(self.database + "_l", "ENCODING 'LATIN1' TEMPLATE template0")
        self.refused(spool, address, "LATIN1", "ENCODING 'UTF8'")

    def test_tables_of_a_later_software_are_left_alone(self):
        spool, _ = self.store(20)
        self.sync(self.store(0, name="none")[0])
        self.ask("UPDATE digit_panel.settings SET value = '99' WHERE key = 'version'")
        self.refused(spool, self.address, "a later software made its tables (version 99", "update this software")
        self.assertEqual(self.ask("SELECT count(*) FROM digit_panel.samples"), [(0,)])

    def test_a_statement_that_takes_longer_than_the_server_allows(self):
        spool, _ = self.store(20)
        self.sync(self.store(0, name="none")[0])
        self.ask(f"ALTER DATABASE {self.database} SET statement_timeout = 300")
        with self.cluster.connect(self.database) as holder, holder.cursor() as cursor:
            cursor.execute("LOCK TABLE digit_panel.samples IN EXCLUSIVE MODE")
            self.refused(spool, self.address, "statement timeout", "statement_timeout")
        holder.close()

    def test_a_transaction_that_is_given_up_for_another_is_repeated(self):
        spool, drawings = self.store(200)
        self.sync(self.store(0, name="none")[0])
        # The server says what it would say in a race, for the first three batches that come.
        self.ask("CREATE SEQUENCE digit_panel.tries")
        self.ask(
            """CREATE FUNCTION digit_panel.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF nextval('digit_panel.tries') <= 3 THEN
                RAISE EXCEPTION 'could not serialize access' USING ERRCODE = '40001';
              END IF; RETURN NULL; END $$"""
        )
        self.ask(
            "CREATE TRIGGER fail AFTER INSERT ON digit_panel.batches FOR EACH STATEMENT EXECUTE FUNCTION digit_panel.fail()")
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["uploaded"]), (0, 200), told.complaint)
        self.assertGreater(self.ask("SELECT last_value FROM digit_panel.tries")[0][0], 3)
        self.assert_whole(drawings)

    def test_the_server_s_disk_is_full_and_then_has_room(self):
        place = self.cluster.place / "small"
        place.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=14m", "tmpfs", str(place)], capture_output=True, text=True)
        if mounted.returncode != 0:
            self.skipTest(f"a small disk cannot be made here: {mounted.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", str(place)], check=False)
        space = place / "space"
        space.mkdir()
        postgres.give(space)
        self.cluster.ask("postgres", f"CREATE TABLESPACE small LOCATION '{space}'")
        address = self.cluster.create("small", "TABLESPACE small")
        self.database = "small"
        spool, drawings = self.store(8000)
        told = self.sync(spool, address)
        self.assertEqual(told.status, 1)
        self.assertIn("No space left on device", told.complaint)
        self.assertIn("make room on the server's disk", told.complaint)
        subprocess.run(["mount", "-o", "remount,size=200m", str(place)], check=True)
        told = self.sync(spool, address)
        self.assertEqual(told.status, 0, told.complaint)
        self.assert_whole(drawings)


if __name__ == "__main__":
    unittest.main()
