package dev.tars.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.promotion.Crash;
import dev.tars.runner.promotion.FaultyDisk;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.LinuxDisk;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A command that is killed, what was before it, and what must come of it. It is killed at a call
 * that changes something on the disk; then a {@link Follower} looks what is told, and does what is
 * advised.
 */
enum Story {
  APPROVE(RunBench::run, RunBench::approve, "promoted"),
  RUN(b -> b.policy(RunBench.GATE + RunBench.AUTO), RunBench::run, "promoted"),
  REJECT(RunBench::run, RunBench::reject, "rejected"),
  ROLLBACK(
      b -> {
        b.policy(RunBench.GATE + RunBench.AUTO);
        b.run();
      },
      RunBench::rollback,
      "rolled-back"),
  PATCH(
      b -> {
        b.policy(RunBench.GATE + "promotion: { target: patch-file }\n");
        b.run();
      },
      RunBench::approve,
      "promoted"),
  RECOVER(Story::interrupted, RunBench::recover, "promoted"),
  COLLECT(
      b -> {
        b.policy(RunBench.GATE + RunBench.AUTO);
        b.run();
      },
      RunBench::collect,
      "promoted"),
  IMPORT(
      b -> {
        b.policy(RunBench.GATE + "trust: { keys: { us: " + b.key() + " } }\n");
        b.run();
        b.export(b.workspace.resolveSibling("bundle.tar"));
      },
      b -> b.take(b.workspace.resolveSibling("bundle.tar")),
      "awaiting-approval"),
  CANCEL(b -> {}, Story::cancelled, "cancelled|promoted");

  private final Consumer<RunBench> before;
  private final Consumer<RunBench> act;

  /** The states that the context may come to. */
  final String end;

  Story(Consumer<RunBench> before, Consumer<RunBench> act, String end) {
    this.before = before;
    this.act = act;
    this.end = end;
  }

  void prepare(RunBench bench) {
    before.accept(bench);
  }

  void act(RunBench bench) {
    act.accept(bench);
  }

  /**
   * Kills it at each {@code step}-th call.
   *
   * @return how often it was killed
   */
  int every(Path place, int step) {
    for (int call = 1, kills = 0; ; call += step, kills++) {
      RunBench bench = new RunBench(place.resolve(name() + call));
      before.accept(bench);
      String hit = killed(bench, call, act);
      if (hit.isEmpty()) {
        return kills;
      }
      new Follower(bench, this, name() + " killed at call " + call + ", " + hit).follow();
    }
  }

  /** Where it was killed; empty if it came to its end. */
  private static String killed(RunBench bench, int call, Consumer<RunBench> act) {
    FaultyDisk disk = FaultyDisk.crashingAt(call);
    bench.disk = disk;
    try {
      act.accept(bench);
    } catch (Crash e) {
      // its process is gone
    }
    bench.disk = LinuxDisk.create();
    return disk.struck() ? disk.hit() : "";
  }

  /** A run that somebody asks to stop; it is who asks that is killed. */
  private static void cancelled(RunBench bench) {
    Disk faulty = bench.disk;
    bench.disk = LinuxDisk.create();
    bench.listener =
        event -> {
          if (event.path("state").asText().equals("running")) {
            bench.disk = faulty;
            try {
              bench.cancel();
            } catch (Crash e) {
              // and the run goes on
            } finally {
              bench.disk = LinuxDisk.create();
            }
          }
        };
    bench.run();
    bench.listener = event -> {};
  }

  /** An approval was killed where the workspace is neither as it was nor as it shall be. */
  private static void interrupted(RunBench bench) {
    twoFiles(bench);
    String _ =
        killed(bench, Between.call(bench.workspace.resolveSibling("tries")), RunBench::approve);
    assertThat(isBetween(bench)).isTrue();
  }

  private static void twoFiles(RunBench bench) {
    bench.write("c.txt", "c\n");
    bench.engine.on("edit", box -> box.append("a.txt", "more\n").append("c.txt", "more\n").exit(0));
    bench.run();
  }

  private static boolean isBetween(RunBench bench) {
    boolean one = bench.tree().get("a.txt").equals(Follower.AFTER);
    boolean other = bench.tree().get("c.txt").equals("c\nmore\n");
    return one != other;
  }

  /** The call of an approval that lies between two files of its transaction. */
  private static final class Between {
    private static int call;

    static int call(Path place) {
      for (int i = 40; call == 0 && i < 400; i++) {
        RunBench bench = new RunBench(place.resolve("try" + i));
        twoFiles(bench);
        if (!killed(bench, i, RunBench::approve).isEmpty() && isBetween(bench)) {
          call = i;
        }
      }
      assertThat(call).isPositive();
      return call;
    }
  }
}
