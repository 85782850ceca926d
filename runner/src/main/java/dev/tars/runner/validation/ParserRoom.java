package dev.tars.runner.validation;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.sandbox.LayerMount;
import dev.tars.runner.sandbox.SandboxOutcome;
import dev.tars.runner.sandbox.SandboxOutcome.Exited;
import dev.tars.runner.sandbox.SandboxSpecs;
import dev.tars.runner.store.Directories;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.validation.syntax.ParserBox;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A box for parsers on an overlay of its own: below are the given files and nothing else, above is
 * what is thrown away.
 */
final class ParserRoom implements ParserBox {
  private static final int ENVIRONMENT = 5;
  private static final List<String> PARTS = List.of("files", "upper", "work");
  private static final AtomicInteger ROOMS = new AtomicInteger();

  private final LayeredCleanRoom.Place place;
  private final LayeredCleanRoom.Box box;

  ParserRoom(LayeredCleanRoom.Place place, LayeredCleanRoom.Box box) {
    this.place = place;
    this.box = box;
  }

  @Override
  public Printed run(Job job) {
    Bytes name = Bytes.utf8("room-parsers-" + ROOMS.incrementAndGet());
    Path home = place.home().resolve(name.lossyText());
    Disk disk = place.layout().disk();
    try (Disk.Dir parent = disk.open(place.home())) {
      disk.mkdir(parent, name, 0711);
      try {
        fill(disk, parent, RelativePath.of(name), job);
        return run(home, job);
      } finally {
        box.emptyWork(home.resolve("work"));
        Directories.remove(disk, parent, name);
      }
    } catch (DiskException e) {
      return new Printed(false, "could not be made: " + e.getMessage(), "");
    } catch (RunnerException e) {
      if (e.code().exitCode() != ENVIRONMENT) {
        throw e;
      }
      return new Printed(false, "could not be run: " + e.getMessage(), "");
    }
  }

  private void fill(Disk disk, Disk.Dir parent, RelativePath home, Job job) {
    try (Disk.Dir dir = disk.open(parent, home)) {
      for (String part : PARTS) {
        disk.mkdir(dir, Bytes.utf8(part), part.equals("work") ? 0700 : 0755);
        own(disk, dir, Bytes.utf8(part));
      }
      try (Disk.Dir files = disk.open(dir, RelativePath.of("files"))) {
        for (GivenFile given : job.files()) {
          Bytes name = Bytes.utf8(given.name());
          byte[] content = given.content().get();
          try (Disk.DiskFile file = disk.create(files, name, 0444)) {
            disk.write(file, content, 0, content.length);
          }
          own(disk, files, name);
        }
      }
    }
  }

  private void own(Disk disk, Disk.Dir dir, Bytes name) {
    if (disk.stat(dir, name).filter(s -> s.uid() == place.uid()).isEmpty()) {
      disk.chown(dir, name, place.uid(), place.gid());
    }
  }

  private Printed run(Path home, Job job) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    LayerMount files =
        new LayerMount(
            SandboxSpecs.WORKSPACE,
            List.of(home.resolve("files")),
            home.resolve("upper"),
            home.resolve("work"));
    SandboxOutcome outcome =
        box.parse(
            files,
            job,
            (stream, bytes, offset, length) -> {
              synchronized (printed) {
                int room = job.mostBytes() - printed.size();
                printed.write(bytes, offset, Math.clamp(length, 0, Math.max(0, room)));
              }
            });
    synchronized (printed) {
      return answer(outcome, printed.toString(StandardCharsets.UTF_8));
    }
  }

  private static Printed answer(SandboxOutcome outcome, String output) {
    return switch (outcome) {
      case Exited ended when ended.code() == 0 -> new Printed(true, "", output);
      case Exited ended -> new Printed(false, "ended with exit status " + ended.code(), output);
      case SandboxOutcome.TimedOut _ -> new Printed(false, "did not end in time", output);
      case SandboxOutcome.OutOfMemory _ -> new Printed(false, "was killed for memory", output);
      case SandboxOutcome.DiskLimit _ -> new Printed(false, "wrote too much", output);
      case SandboxOutcome.OutputLimit _ -> new Printed(false, "printed too much", output);
      case SandboxOutcome.NotStarted _ ->
          new Printed(false, "did not start: the image has no python3", output);
      case SandboxOutcome.Cancelled _ -> new Printed(false, "was cancelled", output);
    };
  }
}
