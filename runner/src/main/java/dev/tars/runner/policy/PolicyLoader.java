package dev.tars.runner.policy;

import dev.tars.runner.files.FilesBeneath;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.yaml.Nearest;
import dev.tars.runner.yaml.Problems;
import dev.tars.runner.yaml.YamlBounds;
import dev.tars.runner.yaml.YamlMap;
import dev.tars.runner.yaml.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds and reads all layers; the result is complete before anything runs. */
public final class PolicyLoader {
  private static final String BUILTIN = "builtin:";

  /** Names of the policies that come with the program. */
  public static final List<String> BUILTINS =
      List.of("standard", "locked", "autonomous", "java-maven", "node", "python");

  private static final RelativePath WORKSPACE_FILE = RelativePath.of(".tars/policy.yaml");
  private static final Path SYSTEM = Path.of("/etc/tars/policy.yaml");
  private static final int MAX_DEPTH = 5;

  private final PolicySources sources;
  private final boolean enforced;

  public PolicyLoader(PolicySources sources) {
    this(sources, true);
  }

  private PolicyLoader(PolicySources sources, boolean enforced) {
    this.sources = sources;
    this.enforced = enforced;
  }

  /**
   * A loader for tools that only look at policies: who owns a file, and where it lies, is not
   * asked, since nothing will be run under it. Only {@link #alone} may be called.
   */
  public static PolicyLoader unenforced(PolicySources sources) {
    return new PolicyLoader(sources, false);
  }

  /** One policy under the hard limits, without the layers of this machine and workspace. */
  public EffectivePolicy alone(String name) {
    Problems problems = new Problems();
    return effective(List.of(namedLayer(name, problems)), problems);
  }

  /**
   * The same for a text that need not be a file.
   *
   * @param directory where references to files start
   */
  public EffectivePolicy alone(byte[] text, String name, Optional<Path> directory) {
    Problems problems = new Problems();
    PolicyLayer layer = new PolicyLayer("user", true);
    read(new Source(Bytes.of(text), name, directory, 0), layer, problems);
    return effective(List.of(layer), problems);
  }

  /**
   * Reads every layer.
   *
   * @param option what {@code --policy} says
   * @throws RunnerException POLICY_INVALID with every problem of every file, NOT_FOUND
   */
  public EffectivePolicy load(Optional<String> option) {
    if (!enforced) {
      throw new IllegalStateException("a run needs a loader that asks whom it may trust");
    }
    return all(option);
  }

  /** What a run with this policy would have; whom the file belongs to is not asked. */
  public EffectivePolicy layered(String name) {
    return all(Optional.of(name));
  }

  /** The policy of a user who names none. */
  public String standardChoice() {
    return chosen().orElse(BUILTIN + "standard");
  }

  private Optional<String> chosen() {
    return Optional.ofNullable(sources.env().get("TARS_POLICY"))
        .filter(p -> !p.isBlank())
        .map(this::absolute)
        .or(() ->
            Optional.of(sources.home().resolve(".config/tars/policy.yaml"))
                .filter(PolicyLoader::mayExist)
                .map(Path::toString));
  }

  private EffectivePolicy all(Optional<String> option) {
    Problems problems = new Problems();
    List<PolicyLayer> layers = new ArrayList<>();
    if (mayExist(SYSTEM)) {
      layers.add(fileLayer("system", SYSTEM, problems));
    }
    Optional<String> user = option.or(this::chosen);
    if (user.isPresent()) {
      layers.add(namedLayer(user.get(), problems));
    } else if (layers.isEmpty()) {
      layers.add(builtinLayer("standard", problems));
    }
    sources
        .workspace()
        .filter(w -> mayExist(w.resolve(WORKSPACE_FILE.toString())))
        .ifPresent(w -> layers.add(workspaceLayer(w, problems)));
    return effective(layers, problems);
  }

  private static EffectivePolicy effective(List<PolicyLayer> layers, Problems problems) {
    Numbers numbers = Numbers.of(layers, problems);
    LayerChecks.check(layers, problems);
    problems.throwIfAny(FailureCode.POLICY_INVALID);
    return new EffectivePolicy(layers, numbers);
  }

  /** A file that cannot be looked at is no missing file: reading it will say why. */
  private static boolean mayExist(Path file) {
    return !Files.notExists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** What a policy option names, for a command that runs in another directory later. */
  public String absolute(String option) {
    return option.startsWith(BUILTIN)
        ? option
        : sources.workingDirectory().resolve(option).normalize().toString();
  }

  private PolicyLayer namedLayer(String name, Problems problems) {
    if (name.startsWith(BUILTIN)) {
      return builtinLayer(name.substring(BUILTIN.length()), problems);
    }
    return fileLayer("user", sources.workingDirectory().resolve(name), problems);
  }

  private PolicyLayer builtinLayer(String name, Problems problems) {
    PolicyLayer layer = new PolicyLayer(BUILTIN + name, true);
    read(new Source(Bytes.of(builtin(name)), BUILTIN + name, Optional.empty(), 0), layer, problems);
    return layer;
  }

  private PolicyLayer fileLayer(String name, Path file, Problems problems) {
    PolicyLayer layer = new PolicyLayer(name, true);
    byte[] bytes = trusted(file);
    Optional<Path> directory = Optional.ofNullable(file.toAbsolutePath().getParent());
    read(new Source(Bytes.of(bytes), file.toString(), directory, 0), layer, problems);
    return layer;
  }

  private byte[] trusted(Path file) {
    byte[] bytes =
        YamlReader.bytes(file, file.toString(), YamlBounds.POLICY, FailureCode.POLICY_INVALID);
    if (enforced) {
      new PolicyFileTrust(sources.workspace()).require(file);
    }
    return bytes;
  }

  /** The workspace's own file may only narrow: it is untrusted, and read once. */
  private PolicyLayer workspaceLayer(Path workspace, Problems problems) {
    PolicyLayer layer = new PolicyLayer("workspace", false);
    byte[] bytes =
        YamlReader.bytes(
            new FilesBeneath(workspace),
            WORKSPACE_FILE,
            WORKSPACE_FILE.toString(),
            YamlBounds.POLICY,
            FailureCode.POLICY_INVALID);
    read(new Source(Bytes.of(bytes), ".tars/policy.yaml", Optional.empty(), 0), layer, problems);
    return layer;
  }

  /**
   * The bytes of one file of a layer.
   *
   * @param directory where {@code file:} references start; empty if there are none
   */
  private record Source(Bytes bytes, String name, Optional<Path> directory, int depth) {}

  private void read(Source source, PolicyLayer layer, Problems problems) {
    if (!layer.files.add(Digest.of(source.bytes().toArray()))) {
      return; // two of its bases share this one
    }
    YamlReader.open(source.bytes().toArray(), source.name(), YamlBounds.POLICY, problems)
        .ifPresent(top -> {
          for (YamlMap base : top.maps("extends")) {
            extend(base, source, layer);
          }
          new PolicyReader(layer, top, source.directory()).read();
          layer.documents.add(top.json());
          layer.leaves.addAll(top.leaves());
          layer.tops.add(top);
        });
  }

  private void extend(YamlMap base, Source source, PolicyLayer layer) {
    String ref = base.string("ref");
    Optional<String> digest = base.optionalString("sha256");
    base.closed();
    if (ref.isEmpty()) {
      return;
    }
    if (source.depth() >= MAX_DEPTH) {
      base.problem(
          "ref", "policies extend each other more than " + MAX_DEPTH + " deep", "flatten them");
    } else if (ref.startsWith(BUILTIN)) {
      extendBuiltin(base, ref, source, layer);
    } else if (ref.startsWith("file:") && source.directory().isPresent()) {
      extendFile(base, source.directory().get().resolve(ref.substring(5)), digest, source, layer);
    } else {
      base.problem(
          "ref",
          "not a reference: " + Escape.line(ref),
          "write builtin:NAME, or file:PATH in a file outside the workspace");
    }
  }

  private void extendBuiltin(YamlMap base, String ref, Source source, PolicyLayer layer) {
    String name = ref.substring(BUILTIN.length()).replaceAll("@1$", "");
    if (base.has("sha256")) {
      base.problem("sha256", "a built-in policy comes with tarscli itself", "take sha256 out");
    }
    if (!BUILTINS.contains(name)) {
      base.problem("ref", "there is no built-in policy " + Escape.line(name), known(name));
      return;
    }
    read(
        new Source(Bytes.of(builtin(name)), BUILTIN + name, Optional.empty(), source.depth() + 1),
        layer,
        base.problems());
  }

  private void extendFile(
      YamlMap base, Path file, Optional<String> digest, Source source, PolicyLayer layer) {
    byte[] bytes;
    try {
      bytes = trusted(file);
    } catch (RunnerException e) {
      base.problem("ref", String.valueOf(e.getMessage()), e.help());
      return;
    }
    String found = Digest.of(bytes).hex();
    if (digest.isEmpty() || !digest.get().equals(found)) {
      base.problem(
          digest.isEmpty() ? "ref" : "sha256",
          digest.isEmpty()
              ? "extends has no sha256"
              : Escape.line(file.toString()) + " is not the file that is pinned",
          "write sha256: " + found + " after you have read the file");
      return;
    }
    read(
        new Source(
            Bytes.of(bytes),
            file.toString(),
            Optional.ofNullable(file.getParent()),
            source.depth() + 1),
        layer,
        base.problems());
  }

  private static String known(String name) {
    return Nearest.of(name, BUILTINS)
        .map(n -> "did you mean '" + n + "'?")
        .orElse("use one of: " + String.join(", ", BUILTINS));
  }

  private static byte[] builtin(String name) {
    if (!BUILTINS.contains(name)) {
      throw new RunnerException(
          FailureCode.NOT_FOUND, "there is no built-in policy " + Escape.line(name), known(name));
    }
    String resource = "/dev/tars/policies/" + name + ".yaml";
    try (InputStream in = PolicyLoader.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is not in the jar");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
