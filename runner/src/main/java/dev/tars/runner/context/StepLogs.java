package dev.tars.runner.context;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.store.Disk;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the steps and gates of a context printed. */
final class StepLogs {
  /** The largest {@code resources.output} of any policy, for a step and for each of its retries. */
  private static final long MAX = 11L << 30;

  private static final String SUFFIX = ".log";

  private final KeptFile files;

  StepLogs(Disk disk, ContextDir context) {
    this.files = new KeptFile(disk, context);
  }

  /**
   * Copies all of it, each under its name, or that of one step or gate. What cannot be one of ours
   * keeps nothing else from being shown, and is said at the end.
   *
   * @return false if there was nothing
   * @throws RunnerException INTEGRITY
   */
  boolean copy(Optional<String> wanted, OutputStream out) {
    return each(wanted, (id, file) -> copy(file, wanted.isEmpty() ? id : "", out));
  }

  /**
   * The same as values, each with its first 16 MiB.
   *
   * @throws RunnerException INTEGRITY
   */
  List<StepLog> all(Optional<String> wanted) {
    List<StepLog> logs = new ArrayList<>();
    boolean _ =
        each(
            wanted,
            (id, file) -> {
              StepLog.Taking text = new StepLog.Taking();
              copy(file, "", text);
              logs.add(text.as(id));
            });
    return logs;
  }

  private interface Each {
    void log(String id, RelativePath file);
  }

  private boolean each(Optional<String> wanted, Each each) {
    boolean found = false;
    List<RunnerException> refused = new ArrayList<>();
    for (String directory : List.of("steps", "gates")) {
      for (Bytes file : names(directory, refused)) {
        String name = file.lossyText();
        String id = name.substring(0, name.length() - SUFFIX.length());
        if (wanted.isEmpty() || wanted.get().equals(id)) {
          found = true;
          orRefused(() -> each.log(id, RelativePath.of(directory).resolve(file)), refused);
        }
      }
    }
    if (!refused.isEmpty()) {
      throw refused.getFirst();
    }
    return found;
  }

  private List<Bytes> names(String directory, List<RunnerException> refused) {
    List<Bytes> names = new ArrayList<>();
    orRefused(() -> names.addAll(files.names(directory, SUFFIX)), refused);
    return names;
  }

  private static void orRefused(Runnable work, List<RunnerException> refused) {
    try {
      work.run();
    } catch (RunnerException e) {
      refused.add(e);
    }
  }

  private void copy(RelativePath file, String title, OutputStream out) {
    try {
      if (!title.isEmpty()) {
        out.write(("== " + Escape.line(title) + "\n").getBytes(StandardCharsets.UTF_8));
      }
      files.copy(file, MAX, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
