package dev.tars.runner.policy;

import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
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
    return effective(List.of(namedLayer(name)));
  }

  /**
   * The same for a text that need not be a file.
   *
   * @param directory where references to files start
   */
  public EffectivePolicy alone(byte[] text, String name, Optional<Path> directory) {
    PolicyLayer layer = new PolicyLayer("user", true);
    read(text, name, layer, directory, 0);
    return effective(List.of(layer));
  }

  /**
   * Reads every layer.
   *
   * @param option what {@code --policy} says
   * @throws RunnerException POLICY_INVALID with every problem of a file, POLICY_UNSUPPORTED
   */
  public EffectivePolicy load(Optional<String> option) {
    if (!enforced) {
      throw new IllegalStateException("a run needs a loader that asks whom it may trust");
    }
    List<PolicyLayer> layers = new ArrayList<>();
    if (mayExist(SYSTEM)) {
      layers.add(fileLayer("system", SYSTEM));
    }
    Optional<String> user =
        option
            .or(() ->
                Optional.ofNullable(sources.env().get("TARS_POLICY")).filter(p -> !p.isBlank()))
            .or(() ->
                Optional.of(sources.home().resolve(".config/tars/policy.yaml"))
                    .filter(PolicyLoader::mayExist)
                    .map(Path::toString));
    if (user.isPresent()) {
      layers.add(namedLayer(user.get()));
    } else if (layers.isEmpty()) {
      layers.add(builtinLayer("standard"));
    }
    Path inside = sources.workspace().resolve(".tars/policy.yaml");
    if (mayExist(inside)) {
      layers.add(workspaceLayer(inside));
    }
    return effective(layers);
  }

  private static EffectivePolicy effective(List<PolicyLayer> layers) {
    Problems problems = new Problems("");
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

  private PolicyLayer namedLayer(String name) {
    if (name.startsWith(BUILTIN)) {
      return builtinLayer(name.substring(BUILTIN.length()));
    }
    return fileLayer("user", sources.workingDirectory().resolve(name));
  }

  private PolicyLayer builtinLayer(String name) {
    PolicyLayer layer = new PolicyLayer(BUILTIN + name, true);
    read(builtin(name), BUILTIN + name, layer, Optional.empty(), 0);
    return layer;
  }

  private PolicyLayer fileLayer(String name, Path file) {
    PolicyLayer layer = new PolicyLayer(name, true);
    byte[] bytes =
        YamlReader.bytes(file, file.toString(), YamlBounds.POLICY, FailureCode.POLICY_INVALID);
    requireTrust(file);
    read(bytes, file.toString(), layer, Optional.ofNullable(file.toAbsolutePath().getParent()), 0);
    return layer;
  }

  private void requireTrust(Path file) {
    if (enforced) {
      new PolicyFileTrust(sources.workspace()).require(file);
    }
  }

  /** The workspace's own file may only narrow: it is untrusted, and read once. */
  private PolicyLayer workspaceLayer(Path file) {
    PolicyLayer layer = new PolicyLayer("workspace", false);
    if (Files.isSymbolicLink(file)) {
      throw new RunnerException(
          FailureCode.POLICY_INVALID, ".tars/policy.yaml is a symbolic link", "make it a file");
    }
    byte[] bytes =
        YamlReader.bytes(file, ".tars/policy.yaml", YamlBounds.POLICY, FailureCode.POLICY_INVALID);
    read(bytes, ".tars/policy.yaml", layer, Optional.empty(), 0);
    return layer;
  }

  private void read(
      byte[] bytes, String name, PolicyLayer layer, Optional<Path> directory, int depth) {
    YamlMap top = YamlReader.read(bytes, name, YamlBounds.POLICY, FailureCode.POLICY_INVALID);
    for (YamlMap base : top.maps("extends")) {
      extend(base, layer, directory, depth);
    }
    top.problems().throwIfAny(FailureCode.POLICY_INVALID);
    new PolicyReader(layer, top).read();
    top.problems().throwIfAny(FailureCode.POLICY_INVALID);
    layer.documents.add(top.json());
  }

  private void extend(YamlMap base, PolicyLayer layer, Optional<Path> directory, int depth) {
    String ref = base.string("ref");
    Optional<String> digest = base.optionalString("sha256");
    base.closed();
    if (depth >= MAX_DEPTH) {
      base.problem(
          "ref", "policies extend each other more than " + MAX_DEPTH + " deep", "flatten them");
    } else if (ref.startsWith(BUILTIN)) {
      String name = ref.substring(BUILTIN.length()).replaceAll("@1$", "");
      if (!BUILTINS.contains(name)) {
        base.problem("ref", "there is no built-in policy " + Escape.line(name), known(name));
        return;
      }
      read(builtin(name), BUILTIN + name, layer, Optional.empty(), depth + 1);
    } else if (ref.startsWith("file:") && directory.isPresent()) {
      Path file = directory.get().resolve(ref.substring("file:".length()));
      byte[] bytes =
          YamlReader.bytes(file, file.toString(), YamlBounds.POLICY, FailureCode.POLICY_INVALID);
      requireTrust(file);
      String found = Digest.of(bytes).hex();
      if (digest.isEmpty() || !digest.get().equals(found)) {
        base.problem(
            "ref",
            digest.isEmpty()
                ? "extends has no sha256"
                : Escape.line(ref) + " is not the file that is pinned",
            "write sha256: " + found + " after you have read the file");
        return;
      }
      read(bytes, file.toString(), layer, Optional.ofNullable(file.getParent()), depth + 1);
    } else {
      base.problem(
          "ref",
          "not a reference: " + Escape.line(ref),
          "write builtin:NAME, or file:PATH in a file outside the workspace");
    }
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
