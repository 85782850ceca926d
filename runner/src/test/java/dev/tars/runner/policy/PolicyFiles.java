package dev.tars.runner.policy;

import dev.tars.runner.model.RelativePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/** A workspace and policy files on disk, and the loader over them. */
final class PolicyFiles {
  private static final String HEAD =
      "apiVersion: tars.dev/policy/v1\nkind: PermissionPolicy\nmetadata: { name: test }\n";

  private final Path base;
  final Path workspace;

  PolicyFiles(Path base) {
    this.base = base;
    this.workspace = base.resolve("ws");
    make(workspace.resolve(".tars"));
  }

  /** Loads this text as the user's policy. */
  EffectivePolicy user(String body) {
    write(base.resolve("policy.yaml"), HEAD + body);
    return load();
  }

  /** The same with a layer of the workspace's own. */
  EffectivePolicy user(String body, String inWorkspace) {
    write(workspace.resolve(".tars/policy.yaml"), HEAD + inWorkspace);
    return user(body);
  }

  /** Writes a file beside the policy. */
  Path file(String name, String text) {
    Path file = base.resolve(name);
    write(file, text);
    return file;
  }

  /** Loads a whole document as the user's policy. */
  EffectivePolicy document(String text) {
    file("policy.yaml", text);
    return load();
  }

  EffectivePolicy load() {
    return new PolicyLoader(new PolicySources(workspace, base, Map.of(), base.resolve("home")))
        .load(Optional.of("policy.yaml"));
  }

  static Effect write(EffectivePolicy policy, String path) {
    return policy.write(RelativePath.of(path), FileOperation.MODIFY).effect();
  }

  private static void make(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
