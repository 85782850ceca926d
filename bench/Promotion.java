import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.audit.AuditRecord;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.promotion.Promoter;
import dev.tars.runner.promotion.PromotionOutcome;
import dev.tars.runner.promotion.Rollback;
import dev.tars.runner.review.ReviewDecision;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.store.WorkspaceDir;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Promotes and rolls back COUNT changed files of 4 KiB, and each time writes as many beside, syncs
 * each and renames each over the old one: in one warmed process, in pairs, without the grace for
 * late writers. What the change set has is in the store and not synced, as after a run. Prints one
 * JSON object: medians in seconds, and the median of the ratios of the pairs.
 *
 * <p>{@code java -cp 'cli/target/tarscli.jar:cli/target/lib/*' bench/Promotion.java COUNT PAIRS
 * [DIRECTORY]}; in a directory of the file system that is to be measured, else the temporary one.
 */
final class Promotion {
  private static final int BYTES = 4096;

  /** How long a promotion waits for late writers; what it does meanwhile costs nobody anything. */
  private static final Duration GRACE = Duration.ofMillis(50);

  private static final int IN_ONE_DIRECTORY = 500;

  private final int count;
  private final Path peer;
  private final Path root;
  private final StoreLayout layout;
  private final WorkspaceDir workspace;
  private final AuditLog log;
  private final Random random = new Random(1);
  private final byte[] block = new byte[BYTES];
  private int version;
  private Duration grace = Duration.ZERO;
  private String context = "";
  private int contexts;

  private Promotion(Path base, int count) throws IOException {
    this.count = count;
    this.peer = base.resolve("peer");
    this.root = base.resolve("ws");
    random.nextBytes(block);
    for (Path tree : List.of(peer, root)) {
      for (int i = 0; i < count; i++) {
        Path file = tree.resolve(name(i));
        Files.createDirectories(file.getParent());
        Files.write(file, content(0, i));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      }
    }
    this.layout = StoreLayout.open(LinuxDisk.create(), base.resolve("state"));
    this.workspace = layout.workspace(root);
    this.log = AuditLog.open(layout, workspace, Clock.systemUTC());
  }

  public static void main(String[] args) throws IOException {
    if (args.length < 2) {
      System.err.println("usage: bench/Promotion.java COUNT PAIRS [DIRECTORY]");
      System.exit(2);
    }
    int count = Integer.parseInt(args[0]);
    int pairs = Integer.parseInt(args[1]);
    Path base =
        args.length > 2
            ? Files.createTempDirectory(Path.of(args[2]), "promotion-")
            : Files.createTempDirectory("promotion-");
    try {
      new Promotion(Files.createDirectory(base.resolve("warm")), count).warmUp();
      new Promotion(Files.createDirectory(base.resolve("measured")), count).measure(pairs);
    } finally {
      remove(base);
    }
  }

  /** Until the hot methods are compiled; without a history of hundreds for what is measured. */
  private void warmUp() throws IOException {
    for (int done = 0; done < Math.max(8_000, 2 * count) && done / count < 600; done += count) {
      pair();
    }
  }

  private void measure(int pairs) throws IOException {
    grace = GRACE;
    pair(); // the first finds nothing there, and makes it
    double[][] seconds = new double[pairs][];
    for (int i = 0; i < pairs; i++) {
      seconds[i] = pair();
    }
    System.out.printf(
        java.util.Locale.ROOT,
        "{\"files\":%d,\"bytes\":%d,\"pairs\":%d,%s,%s,\"vmHwmKiB\":%d}%n",
        count,
        BYTES,
        pairs,
        figures("promote", seconds, 0),
        figures("rollBack", seconds, 2),
        highWater());
  }

  private static String figures(String name, double[][] seconds, int at) {
    return "\"%s\":{\"seconds\":%.5f,\"peerSeconds\":%.5f,\"ratio\":%.3f}"
        .formatted(
            name,
            median(seconds, row -> row[at]),
            median(seconds, row -> row[at + 1]),
            median(seconds, row -> row[at] / row[at + 1]));
  }

  private static double median(double[][] rows, java.util.function.ToDoubleFunction<double[]> of) {
    double[] sorted = Arrays.stream(rows).mapToDouble(of).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** Promotion, its peer, rollback, its peer; who comes first changes from pair to pair. */
  private double[] pair() throws IOException {
    int after = ++version;
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      changes.add(
          new Change(
              RelativePath.of(name(i)), stored(content(0, i)), stored(content(after, i))));
    }
    changes.sort(Comparator.comparing(Change::path));
    Digest base = Digest.of(new byte[0]);
    ChangeSet changeSet = new ChangeSet(base, changes, List.of(), List.of());
    context = "CTX-" + ++contexts;
    AuditRecord _ = log.append("run", CanonicalJson.object().put("context", context));
    double[] seconds = new double[4];
    boolean first = random.nextBoolean();
    if (!first) {
      seconds[1] = time(() -> writeSyncRename(after));
    }
    String[] id = new String[1];
    seconds[0] = time(() -> id[0] = committed(promote(changeSet))) - grace.toNanos() / 1e9;
    if (first) {
      seconds[1] = time(() -> writeSyncRename(after));
    } else {
      seconds[3] = time(() -> writeSyncRename(0));
    }
    seconds[2] =
        time(() ->
            committed(
                new Rollback(layout, workspace, log)
                    .rollback(
                        new Rollback.Request(
                            context,
                            Set.of(id[0]),
                            Optional.empty(),
                            false,
                            Duration.ZERO,
                            grace)))) - grace.toNanos() / 1e9;
    if (first) {
      seconds[3] = time(() -> writeSyncRename(0));
    }
    for (int i = 0; i < count; i += Math.max(1, count / 7)) {
      if (!Arrays.equals(Files.readAllBytes(root.resolve(name(i))), content(0, i))) {
        throw new IllegalStateException("it is not as it was: " + name(i));
      }
    }
    return seconds;
  }

  private PromotionOutcome promote(ChangeSet changeSet) {
    return new Promoter(layout, workspace, log)
        .promote(
            new Promoter.Request(
                context,
                new ReviewDecision.Approved(
                    ChangeSets.digest(changeSet), changeSet.baseDigest(), "sha256:image", List.of("me")),
                changeSet,
                List::of,
                Duration.ZERO,
                grace));
  }

  private static String committed(PromotionOutcome outcome) {
    return switch (outcome) {
      case PromotionOutcome.Committed done -> done.id().text();
      default -> throw new IllegalStateException(outcome.toString());
    };
  }

  private Optional<TreeEntry> stored(byte[] content) {
    return Optional.of(
        new TreeEntry.RegularFile(0644, layout.objects().put(content), content.length));
  }

  /** What a careful program does that promises less: each file is old or new, not all of them. */
  private void writeSyncRename(int version) {
    try {
      for (int i = 0; i < count; i++) {
        Files.write(beside(i), content(version, i), StandardOpenOption.CREATE_NEW);
      }
      for (int i = 0; i < count; i++) {
        try (FileChannel file = FileChannel.open(beside(i), StandardOpenOption.READ)) {
          file.force(true);
        }
      }
      for (int i = 0; i < count; i++) {
        Files.move(beside(i), peer.resolve(name(i)), StandardCopyOption.ATOMIC_MOVE);
      }
      for (int i = 0; i < count; i += IN_ONE_DIRECTORY) {
        try (FileChannel dir = FileChannel.open(beside(i).getParent(), StandardOpenOption.READ)) {
          dir.force(true);
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Path beside(int i) {
    return peer.resolve(name(i) + ".new");
  }

  private static String name(int i) {
    return "d" + i / IN_ONE_DIRECTORY + "/f" + i;
  }

  /** Another one for each file and pair, made when it is needed: none of it is held. */
  private byte[] content(int version, int i) {
    byte[] content = block.clone();
    ByteBuffer.wrap(content).putInt(version).putInt(i);
    return content;
  }

  private static double time(Runnable action) {
    long start = System.nanoTime();
    action.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private static long highWater() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    return -1;
  }

  private static void remove(Path base) throws IOException {
    try (Stream<Path> all = Files.walk(base)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
