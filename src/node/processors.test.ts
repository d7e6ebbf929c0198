import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { grantedProcessors, usableProcessors } from "./processors.js";

const files = (texts: Readonly<Record<string, string>>) => (path: string) => texts[path];

describe("processors that a process may use", () => {
  const unlimited = Number.POSITIVE_INFINITY;
  const cases: [string, Readonly<Record<string, string>>, number][] = [
    ["without control groups", {}, unlimited],
    [
      "in a group without a limit",
      { "/proc/self/cgroup": "0::/user.slice\n", "/sys/fs/cgroup/user.slice/cpu.max": "max 100000\n" },
      unlimited,
    ],
    [
      "in a container of half a core",
      { "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "50000 100000\n" },
      0.5,
    ],
    [
      "under the least of the groups above",
      {
        "/proc/self/cgroup": "0::/a/b/c\n",
        "/sys/fs/cgroup/a/b/c/cpu.max": "800000 100000\n",
        "/sys/fs/cgroup/a/b/cpu.max": "max 100000\n",
        "/sys/fs/cgroup/a/cpu.max": "300000 100000\n",
      },
      3,
    ],
    [
      "where a container sees the path that its group has outside",
      { "/proc/self/cgroup": "0::/docker/1234\n", "/sys/fs/cgroup/cpu.max": "150000 100000\n" },
      1.5,
    ],
    [
      "in a group of version 1",
      {
        "/proc/self/cgroup": "4:memory:/x\n3:cpu,cpuacct:/x\n0::/\n",
        "/sys/fs/cgroup/cpu,cpuacct/x/cpu.cfs_quota_us": "250000\n",
        "/sys/fs/cgroup/cpu,cpuacct/x/cpu.cfs_period_us": "100000\n",
        "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
        "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
      },
      2.5,
    ],
    [
      "where the file holds something else",
      { "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "?" },
      unlimited,
    ],
  ];
  for (const [what, texts, granted] of cases)
    it(what, () => assert.equal(grantedProcessors(files(texts)), granted));

  it("are whole ones, at least one, and no more than there are", () => {
    const quota = (microseconds: number) =>
      files({ "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": `${microseconds} 100000\n` });
    assert.equal(usableProcessors(quota(50_000), 8), 1);
    assert.equal(usableProcessors(quota(399_000), 8), 3);
    assert.equal(usableProcessors(quota(1_600_000), 8), 8);
    assert.equal(usableProcessors(files({}), 6), 6);
  });
});
