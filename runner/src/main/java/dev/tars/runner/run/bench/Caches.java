package dev.tars.runner.run.bench;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.PathRules;
import dev.tars.runner.store.AtomicFile;
import dev.tars.runner.store.Disk;
import dev.tars.runner.workspace.Baseline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Host directories that were copied once, as immutable trees, for policies to name. */
public final class Caches {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
  private static final int BOX_USER = 65532;

  /** Where secrets, devices or the system itself are: never a cache, nor anything above them. */
  private static final Set<String> REFUSED =
      Set.of("/", "/proc", "/sys", "/dev", "/run", "/etc", "/home", "/root", "/boot", "/var/run");

  /** Where engines keep every image, volume and secret of every container. */
  private static final List<String> ENGINES =
      List.of(
          "/var/lib/docker",
          "/var/lib/containerd",
          "/var/lib/containers",
          "/var/lib/kubelet",
          "/var/lib/rancher",
          "/var/lib/crio",
          "/var/snap/docker");

  /** The same for engines that a user runs, below the home of that user. */
  private static final List<String> ENGINES_OF_USERS =
      List.of(".local/share/docker", ".local/share/containers", ".local/share/nerdctl");

  private static final Set<String> CREDENTIALS =
      Set.of(
          ".ssh", ".aws", ".gnupg", ".kube", ".docker", ".config", ".netrc", ".azure", ".gcloud");

  private final Workbench bench;

  public Caches(Workbench bench) {
    this.bench = bench;
  }

  /** One imported cache. */
  public record Cache(String name, Digest digest) {}

  /** Copies a directory; a cache of the same name is replaced for later runs. */
  public Cache importFrom(String name, Path directory) {
    if (!name.matches(NAME)) {
      throw new RunnerException(
          FailureCode.USAGE,
          "not a cache's name: " + Escape.line(name),
          "use letters, digits, '.', '_' and '-'");
    }
    Path real = real(directory);
    refuse(real);
    Baseline content =
        bench
            .baselines()
            .get()
            .capture(bench.layout().workspace(real), new Everything(), BOX_USER, BOX_USER);
    try (Disk.Dir dir = bench.layout().disk().open(bench.layout().caches())) {
      AtomicFile.publish(
          bench.layout().disk(),
          dir,
          Bytes.utf8(name),
          content.digest().hex().getBytes(StandardCharsets.US_ASCII));
    }
    return new Cache(name, content.digest());
  }

  public List<Cache> list() {
    List<Cache> caches = new ArrayList<>();
    Disk disk = bench.layout().disk();
    try (Disk.Dir dir = disk.open(bench.layout().caches())) {
      for (Disk.DirEntry entry : disk.list(dir)) {
        String name = entry.name().lossyText();
        if (name.matches(NAME)) {
          caches.add(new Cache(name, digest(dir, entry.name())));
        }
      }
    }
    return caches;
  }

  /** Throws CACHE_MISSING if nothing was imported under the name. */
  Baseline open(String name) {
    Disk disk = bench.layout().disk();
    try (Disk.Dir dir = disk.open(bench.layout().caches())) {
      if (disk.stat(dir, Bytes.utf8(name)).isEmpty()) {
        throw RunnerException.of(
                FailureCode.CACHE_MISSING,
                "the policy names the cache " + name + ", which is not imported")
            .note("boxes have no network: dependencies come from caches")
            .help("fill a directory, then `tarscli cache import " + name + " DIR`");
      }
      return bench.baselines().get().open(digest(dir, Bytes.utf8(name)));
    }
  }

  private Digest digest(Disk.Dir dir, Bytes name) {
    byte[] hex = AtomicFile.read(bench.layout().disk(), dir, name);
    return new Digest(new String(hex, StandardCharsets.US_ASCII));
  }

  private static Path real(Path directory) {
    try {
      return directory.toRealPath();
    } catch (IOException e) {
      throw RunnerException.of(
              FailureCode.NOT_FOUND, "there is no directory " + Escape.line(directory.toString()))
          .cause(e)
          .help("name the directory that holds the dependencies");
    }
  }

  /**
   * Refuses a directory that holds, or lies in, what no build may read.
   *
   * @param real the directory, absolute and without links
   * @throws RunnerException USAGE
   */
  static void refuse(Path real) {
    Path home = Path.of(System.getProperty("user.home"));
    boolean system =
        REFUSED.contains(real.toString())
            || real.startsWith("/proc")
            || real.startsWith("/sys")
            || real.startsWith("/dev")
            || real.startsWith("/run")
            || real.startsWith("/etc")
            || ENGINES.stream().anyMatch(e -> real.startsWith(e) || Path.of(e).startsWith(real))
            || ENGINES_OF_USERS.stream().anyMatch(e -> real.toString().contains("/" + e))
            || real.equals(home)
            || home.startsWith(real);
    boolean credentials = false;
    for (Path part : real) {
      credentials |= CREDENTIALS.contains(part.toString());
    }
    if (system || credentials || !Files.isDirectory(real)) {
      throw RunnerException.of(
              FailureCode.USAGE, "this cannot be a cache: " + Escape.line(real.toString()))
          .note(
              system || credentials
                  ? "it is, or holds, the system, an engine's data, a home directory or credentials"
                  : "it is not a directory")
          .help("copy what builds need into a directory of its own");
    }
  }

  /** Nothing is left out of a cache. */
  private static final class Everything implements PathRules {
    @Override
    public boolean hides(RelativePath path) {
      return false;
    }

    @Override
    public boolean scratches(RelativePath path) {
      return false;
    }
  }
}
