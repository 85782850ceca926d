package dev.tars.runner.sandbox.docker;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.ResourceLimits;
import dev.tars.runner.sandbox.LayerMount;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.sandbox.SandboxOutcome;
import dev.tars.runner.sandbox.SandboxSpec;
import dev.tars.runner.store.Directories;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.StoreLayout;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A box that looks at itself: what the kernel says of its rights and limits, and whether it sees a
 * layer of this machine at all. What it prints is parsed with bounds and only ever makes the answer
 * worse: a box that lies about itself was let out of our hands already.
 */
final class SelfTest {
  private static final int MOST = 1 << 16;
  private static final int MOST_SAID = 500;
  private static final String SENTINEL = "sentinel";

  /** What the loaders of glibc and musl say of LD_PRELOAD, LD_AUDIT and missing libraries. */
  private static final Pattern LOADER =
      Pattern.compile(
          "\\bld\\.so: |[Ee]rror (while )?loading shared librar|: symbol lookup error: ");

  private final DockerSandbox sandbox;
  private final StoreLayout layout;

  SelfTest(DockerSandbox sandbox, StoreLayout layout) {
    this.sandbox = sandbox;
    this.layout = layout;
  }

  /**
   * Runs it.
   *
   * @return name to value of what is in force
   * @throws RunnerException ISOLATION_DIFFERS, or ENGINE_UNSUITABLE if the engine cannot see the
   *     layer
   */
  Map<String, String> run(Sandbox.ImageFacts image, ResourceLimits limits) {
    Disk disk = layout.disk();
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    String secret = HexFormat.of().formatHex(random);
    Bytes name = Bytes.utf8("self-test-" + secret);
    Path home = layout.derived().resolve(name.lossyText());
    try (Disk.Dir parent = disk.open(layout.derived())) {
      disk.mkdir(parent, name, 0711);
      try {
        try (Disk.Dir dir = disk.open(parent, RelativePath.of(name))) {
          fill(disk, dir, secret, image);
        }
        return judged(image, limits, home, secret);
      } finally {
        sandbox.emptyWork(home.resolve("work"));
        Directories.remove(disk, parent, name);
      }
    }
  }

  private static void fill(Disk disk, Disk.Dir dir, String secret, Sandbox.ImageFacts image) {
    for (String sub : List.of("lower", "upper", "work")) {
      disk.mkdir(dir, Bytes.utf8(sub), 0755);
      if (Labels.weAreRoot()) {
        disk.chown(dir, Bytes.utf8(sub), image.uid(), image.gid());
      }
    }
    try (Disk.Dir lower = disk.open(dir, RelativePath.of("lower"));
        Disk.DiskFile file = disk.create(lower, Bytes.utf8(SENTINEL), 0644)) {
      byte[] content = (secret + "\n").getBytes(StandardCharsets.US_ASCII);
      disk.write(file, content, 0, content.length);
    }
  }

  /** An image without the program is one thing; an engine that can start no box at all another. */
  static Map<String, String> notStarted(String reason) {
    String said = reason.toLowerCase(Locale.ROOT);
    if (said.contains("not found") || said.contains("no such file")) {
      return Map.of("selfTest", "not possible: the image has no cat");
    }
    throw RunnerException.of(
            FailureCode.ENGINE_UNSUITABLE,
            "the engine cannot start a box: "
                + (reason.length() > MOST_SAID ? reason.substring(0, MOST_SAID) + "…" : reason))
        .note("nothing has run")
        .help("see whether the engine's runtime works here: docker run --rm IMAGE true");
  }

  private Map<String, String> judged(
      Sandbox.ImageFacts image, ResourceLimits limits, Path home, String secret) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SandboxOutcome outcome =
        sandbox.run(
            new SandboxSpec(
                image.id(),
                List.of("cat", "/workspace/" + SENTINEL, "/proc/self/status", "/proc/self/limits"),
                "/workspace",
                Map.of("PATH", "/usr/bin:/bin"),
                List.of(
                    new LayerMount(
                        "/workspace",
                        List.of(home.resolve("lower")),
                        home.resolve("upper"),
                        home.resolve("work"))),
                limits,
                new SandboxSpec.Owner("self-test", "self-test")),
            (stream, bytes, offset, length) ->
                out.write(bytes, offset, Math.min(length, Math.max(0, MOST - out.size()))),
            () -> false);
    if (outcome instanceof SandboxOutcome.NotStarted not) {
      return notStarted(not.reason());
    }
    return read(out.toString(StandardCharsets.ISO_8859_1), secret, image);
  }

  /** Judges what the box printed. */
  static Map<String, String> read(String printed, String secret, Sandbox.ImageFacts image) {
    requireQuietLoader(printed, image);
    if (!printed.startsWith(secret + "\n")) {
      throw RunnerException.of(
              FailureCode.ENGINE_UNSUITABLE, "the engine does not see this machine's files")
          .note("a box found no trace of the layer that was prepared for it")
          .help("use an engine on this machine, or a state directory that it sees (--state-dir)");
    }
    Map<String, String> found = new TreeMap<>();
    for (String line : printed.split("\n", 200)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        found.putIfAbsent(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    List<String> differences = new ArrayList<>();
    expect(found, "Uid", ids(image.uid()), differences);
    expect(found, "Gid", ids(image.gid()), differences);
    for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
      expect(found, set, "0000000000000000", differences);
    }
    expect(found, "NoNewPrivs", "1", differences);
    expect(found, "Seccomp", "2", differences);
    if (!differences.isEmpty()) {
      RunnerException.Builder error =
          RunnerException.of(
              FailureCode.ISOLATION_DIFFERS, "a box of this engine is not closed as it must be");
      differences.forEach(error::note);
      throw error
          .note("no command of the improvement ran")
          .help("see `tarscli doctor`; use another engine, or repair this one");
    }
    Map<String, String> facts = new TreeMap<>();
    facts.put("selfTest", "passed");
    facts.put("user", image.uid() + ":" + image.gid());
    facts.put("capabilities", "none");
    facts.put("noNewPrivileges", "yes");
    facts.put("seccomp", "strict, in force");
    return facts;
  }

  /** A loader that complains does so for every program of every command, before it begins. */
  private static void requireQuietLoader(String printed, Sandbox.ImageFacts image) {
    printed
        .lines()
        .filter(line -> LOADER.matcher(line).find())
        .findFirst()
        .ifPresent(line -> {
          throw RunnerException.of(
                  FailureCode.IMAGE_REFUSED,
                  "the loader of the image cannot load what it is told to")
              .at(Escape.line(image.reference()))
              .note("a program in it printed: " + Escape.answer(line, MOST_SAID))
              .note("no command of the improvement ran")
              .help(
                  "make the image without LD_PRELOAD (`docker inspect` shows its variables), or put"
                      + " into it what that names");
        });
  }

  private static String ids(int id) {
    return String.join("\t", java.util.Collections.nCopies(4, Integer.toString(id)));
  }

  private static void expect(
      Map<String, String> found, String key, String wanted, List<String> differences) {
    String value = found.getOrDefault(key, "nothing");
    if (!value.equals(wanted)) {
      differences.add(key + " is " + Escape.line(value) + ", not " + wanted.replace('\t', ' '));
    }
  }

  /** What the answer depends on: the engine as it runs, image, limits, and the machine's boot. */
  static Digest key(String engine, Sandbox.ImageFacts image, ResourceLimits limits) {
    return Digest.of(
        String.join("\n", "3", engine, image.id(), image.uid() + "", limits.line())
            .getBytes(StandardCharsets.UTF_8));
  }
}
