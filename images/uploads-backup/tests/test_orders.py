import os
import signal
import subprocess
import time
from unittest import mock

from tests.agent_test_case import AgentTestCase
from uploads_backup import exchange, order

ODD = "we[ird]* ?\\ $HOME #1 ünï.txt"


class OrdersTests(AgentTestCase):
    def setUp(self):
        super().setUp()
        self.write("blog/2026/11/photo.jpg", b"photo")
        self.write(f"blog/2026/11/{ODD}", b"odd")
        self.write("shop/large.bin", os.urandom(3_000_000))

    def test_the_first_snapshot_makes_the_repository_and_the_next_adds_what_is_new(self):
        self.assertIn("no repository yet", self.refused("GET /snapshots", "noRepository"))
        first = self.done("POST /snapshots")
        self.assertEqual((True, 3, 3, []), (first["initialized"], first["files"], first["filesNew"], first["unread"]))
        self.assertGreater(first["bytesAdded"], 3_000_000)

        self.write("blog/new.txt", b"new")
        second = self.done("POST /snapshots")
        self.assertEqual((False, 4, 1), (second["initialized"], second["files"], second["filesNew"]))
        self.assertLess(second["bytesAdded"], 100_000)
        self.assertEqual([first["id"], second["id"]], [one["id"] for one in self.done("GET /snapshots")["snapshots"]])
        self.assertEqual({"order": None}, self.done("GET /progress"))

    def test_a_file_is_restored_in_place_and_what_it_replaced_stays_until_it_is_removed(self):
        snapshot = self.done("POST /snapshots")["id"]
        for name in ("photo.jpg", ODD):
            self.write(f"blog/2026/11/{name}", b"spoilt")
            path = "2026/11/" + "".join(f"%{byte:02x}" for byte in name.encode())

            restored = self.done(f"POST /restore?snapshot={snapshot}&site=blog&path={path}&target=in-place")

            self.assertEqual(1, restored["files"])
            self.assertEqual(b"spoilt", self.read(f".restores/{restored['id']}/blog/2026/11/{name}"))
            self.done(f"DELETE /restore?id={restored['id']}")
        self.assertEqual((b"photo", b"odd"), (self.read("blog/2026/11/photo.jpg"), self.read(f"blog/2026/11/{ODD}")))
        self.assertEqual([], self.done("GET /restores")["restores"])

    def test_a_site_is_restored_as_it_was_and_other_sites_stay_as_they_are(self):
        snapshot = self.done("POST /snapshots")["id"]
        os.remove(os.path.join(self.uploads, "blog/2026/11/photo.jpg"))
        self.write("blog/later.txt", b"later")
        self.write("shop/large.bin", b"changed")

        restored = self.done(f"POST /restore?snapshot={snapshot}&site=blog&target=in-place")

        self.assertEqual(b"photo", self.read("blog/2026/11/photo.jpg"))
        self.assertFalse(os.path.exists(os.path.join(self.uploads, "blog/later.txt")))
        self.assertEqual(b"later", self.read(f".restores/{restored['id']}/blog/later.txt"))
        self.assertEqual(b"changed", self.read("shop/large.bin"))

    def test_what_is_gone_comes_back_and_leaves_nothing_aside(self):
        snapshot = self.done("POST /snapshots")["id"]
        subprocess.run(["rm", "-r", self.uploads + "/blog"], check=True)

        restored = self.done(f"POST /restore?snapshot={snapshot}&site=blog&path=2026/11/photo.jpg&target=in-place")

        self.assertIsNone(restored["id"])
        self.assertEqual(b"photo", self.read("blog/2026/11/photo.jpg"))
        self.assertEqual([], self.done("GET /restores")["restores"])

    def test_every_site_is_restored_beside_and_no_snapshot_takes_that_in(self):
        snapshot = self.done("POST /snapshots")["id"]
        self.write("blog/2026/11/photo.jpg", b"spoilt")

        restored = self.done(f"POST /restore?snapshot={snapshot}&target=beside")

        aside = self.read(f".restores/{restored['id']}/blog/2026/11/photo.jpg")
        self.assertEqual((b"spoilt", b"photo"), (self.read("blog/2026/11/photo.jpg"), aside))
        self.assertEqual([restored["id"]], self.done("GET /restores")["restores"])
        self.assertEqual(3, self.done("POST /snapshots")["files"])

    def test_a_file_system_that_cannot_exchange_ends_the_same(self):
        snapshot = self.done("POST /snapshots")["id"]
        self.write("blog/2026/11/photo.jpg", b"spoilt")
        with mock.patch("uploads_backup.restores.exchange", exchange.exchange_in_steps):
            restored = self.done(f"POST /restore?snapshot={snapshot}&site=blog&target=in-place")

        aside = self.read(f".restores/{restored['id']}/blog/2026/11/photo.jpg")
        self.assertEqual((b"photo", b"spoilt"), (self.read("blog/2026/11/photo.jpg"), aside))

    def test_restores_that_cannot_be_are_refused_and_change_nothing(self):
        snapshot = self.done("POST /snapshots")["id"]
        os.symlink("../shop", os.path.join(self.uploads, "blog/link"))
        for arguments, kind in (
            ("site=blog&path=../shop/large.bin", "invalid"),
            ("site=blog&path=/etc/passwd", "invalid"),
            ("site=..", "invalid"),
            ("path=large.bin", "invalid"),
            ("site=blog&path=link/large.bin", "invalid"),
            ("site=none", "notFound"),
            ("site=blog&path=none/none.jpg", "notFound"),
        ):
            self.refused(f"POST /restore?snapshot={snapshot}&{arguments}&target=in-place", kind)
        self.refused(f"POST /restore?snapshot={'0' * 64}&site=blog&target=in-place", "notFound")
        self.refused(f"POST /restore?snapshot={snapshot}&site=blog&target=there", "invalid")
        self.assertEqual([], self.done("GET /restores")["restores"])

    def test_forgotten_snapshots_are_gone_with_what_only_they_had_and_the_last_ones_stay(self):
        first = self.done("POST /snapshots")["id"]
        os.remove(os.path.join(self.uploads, "shop/large.bin"))
        second = self.done("POST /snapshots")["id"]
        before = size(self.repository)

        self.assertIn("one must stay", self.refused(f"POST /forget?ids={first},{second}", "invalid"))
        self.assertEqual({"forgotten": 1, "left": 1}, without_seconds(self.done(f"POST /forget?ids={first}")))
        self.assertEqual({"forgotten": 0, "left": 1}, without_seconds(self.done(f"POST /forget?ids={first}")))

        self.assertLess(size(self.repository), before - 2_900_000)
        self.assertEqual([second], [one["id"] for one in self.done("GET /snapshots")["snapshots"]])

    def test_a_sample_reports_how_files_are_restored_and_compare(self):
        snapshot = self.done("POST /snapshots")["id"]
        self.write("blog/2026/11/photo.jpg", b"photo, edited")
        os.remove(os.path.join(self.uploads, f"blog/2026/11/{ODD}"))

        files = {file["path"]: file for file in self.done(f"GET /sample?snapshot={snapshot}&count=10")["files"]}

        expected = {"blog/2026/11/photo.jpg": "changed", f"blog/2026/11/{ODD}": "gone", "shop/large.bin": "equal"}
        self.assertEqual(expected, {path: file["upload"] for path, file in files.items()})
        self.assertTrue(all(file["restored"] for file in files.values()))
        self.assertEqual(2, len(self.done(f"GET /sample?snapshot={snapshot}&count=2")["files"]))

    def test_an_upload_that_rots_unseen_is_seen_by_the_sample(self):
        path = os.path.join(self.uploads, "shop/large.bin")
        snapshot = self.done("POST /snapshots")["id"]
        times = os.stat(path)
        with open(path, "r+b") as file:
            file.write(b"rotten")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

        files = {file["path"]: file["upload"] for file in self.done(f"GET /sample?snapshot={snapshot}&count=3")["files"]}

        self.assertEqual("differs", files["shop/large.bin"])

    def test_damage_of_the_store_is_found_by_the_check(self):
        self.done("POST /snapshots")
        self.assertEqual(0, self.done("POST /check?percent=100")["errors"])
        packs = [os.path.join(folder, name) for folder, _, names in os.walk(self.repository + "/data") for name in names]
        pack = max(packs, key=os.path.getsize)
        os.chmod(pack, 0o600)
        with open(pack, "r+b") as file:
            file.seek(1000)
            file.write(b"damage")

        checked = self.done("POST /check?percent=100")

        self.assertGreater(checked["errors"], 0)
        self.assertTrue(checked["problems"])

    def test_a_key_that_the_repository_was_not_made_with_is_named(self):
        self.done("POST /snapshots")
        self.secret("backup-key", "7" * 64)
        self.assertIn("another backup-key", self.refused("POST /snapshots", "wrongKey"))

    def test_orders_of_others_and_old_ones_are_not_carried_out(self):
        self.refused("POST /snapshots", "notProven", key="7" * 64)
        self.refused("POST /snapshots", "notProven", at=time.time() - 400)
        self.refused("POST /nothing", "notFound")
        self.secret("backup-agent-key", f"{'8' * 64}\n{'7' * 64}")
        self.refused("GET /snapshots", "noRepository", key="7" * 64)

    def test_a_lock_that_a_dead_restic_left_holds_nobody_up_though_its_process_number_is_in_use(self):
        self.done("POST /snapshots")
        environment = self.agent.orders.repository._environment()
        check = ["restic", "--no-cache", "-r", self.repository, "check", "--read-data"]
        holder = subprocess.Popen(check, env=environment, stdout=subprocess.DEVNULL)
        while not any(len(name) == 64 for name in os.listdir(self.repository + "/locks")):
            time.sleep(0.001)
        holder.send_signal(signal.SIGSTOP)
        try:
            self.assertEqual(0, self.done("POST /check?percent=0")["errors"])
            self.assertEqual([], os.listdir(self.repository + "/locks"))
        finally:
            holder.kill()
            holder.wait()

    def test_a_cancelled_order_ends_its_process_and_another_order_is_refused_meanwhile(self):
        running = order.Order("POST /check")
        with self.agent.orders.lock.held_by(running):
            self.assertIn("POST /check is being carried out", self.refused("POST /snapshots", "busy"))
            self.assertEqual("POST /check", self.done("GET /progress")["order"])
        process = running.start(["sleep", "60"])
        running.stop()
        self.assertEqual(-signal.SIGTERM, process.wait(timeout=5))


def size(folder):
    return sum(os.path.getsize(os.path.join(at, name)) for at, _, names in os.walk(folder) for name in names)


def without_seconds(answer):
    return {name: value for name, value in answer.items() if name != "seconds"}
