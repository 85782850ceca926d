package dev.tars.runner.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * A first policy for a workspace, with a test of it beside it.
 *
 * @param preset the built-in policy that it extends
 * @param because the file that the preset was chosen by; empty if a person chose it
 * @param others other builds that were seen
 */
public record NewPolicy(
    Path policy, Path test, String preset, String because, List<String> others) {
  static final String CI = ".github/workflows/ci.yml";

  public NewPolicy {
    others = List.copyOf(others);
  }

  /** Lines for a terminal, escaped. */
  public List<String> lines() {
    List<String> lines = new java.util.ArrayList<>();
    lines.add("policy  " + Escape.line(policy.toString()));
    lines.add("test    " + Escape.line(test.toString()));
    lines.add(
        "preset  " + preset + (because.isEmpty() ? "" : " (the workspace has " + because + ")"));
    others.forEach(o -> lines.add("also    " + o + " would fit: choose it with --preset"));
    return lines;
  }

  /** {@code tars.policy-init/v1}. */
  public ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("schema", "tars.policy-init/v1");
    node.put("policy", policy.toString()).put("test", test.toString());
    node.put("preset", preset).put("because", because);
    others.forEach(node.putArray("others")::add);
    return node;
  }

  static String policyText(String preset, String name) {
    return """
    # A permission policy for tarscli: what an improvement may touch and run, and who must agree.
    # Try it:   tarscli policy validate FILE    tarscli policy test FILE
    # Ask it:   tarscli policy check write pom.xml --policy FILE
    apiVersion: tars.dev/policy/v1
    kind: PermissionPolicy
    metadata: { name: NAME, description: Made by tarscli policy init }

    # Everything that PRESET says holds, rules below add to it: see tarscli policy show --effective.
    extends: [{ ref: "builtin:PRESET" }]

    filesystem:
      # Readable, never changed by an improvement. Beats every rule that allows.
      protect:
        - id: own.protect.licences
          paths: ["LICENSE", "LICENSE.*", "NOTICE"]
          reason: Licences change by hand
          examples: { match: [LICENSE], noMatch: [docs/licensing.md] }
      # Changed only when a person has agreed.
      # ask:
      #   - { id: own.ask.migrations, paths: ["db/migrations/**"], reason: Reviewed by hand }
      # Never copied into a box; credentials are hidden already.
      # hide:
      #   - { id: own.hide.data, paths: ["data/**"] }
      # A larger change is refused.
      limits: { filesChanged: 100, linesAdded: 5000, linesRemoved: 5000 }

    # What must pass before anything is promoted; gates of PRESET run too.
    # validation:
    #   gates:
    #     - { id: build, type: Compilation, argv: [make], timeout: 10m }

    # Who must agree. selfApproval: deny means: never who ran it.
    approval: { auto: "false", count: 1 }

    tests: ["TEST"]
    """
        .replace("NAME", name)
        .replace("PRESET", preset);
  }

  static String testText(String policy, String denying) {
    return """
    # What the policy beside this file must say; tarscli policy test --coverage --mutate FILE
    apiVersion: tars.dev/policy-test/v1
    kind: PolicyTest
    policy: POLICY
    cases:
      - name: licences change by hand
        request: { write: { path: LICENSE, operation: modify } }
        expect: { decision: deny, rule: own.protect.licences }
      - name: git's own files are never written
        request: { write: { path: .git/config, operation: modify } }
        expect: { decision: deny, rule: hard.git }
      - name: CI is not changed by an improvement
        request: { write: { path: CI, operation: create } }
        expect: { decision: deny, rule: DENYING }
      - name: a plan sets no variable that looks like a credential
        request: { env: { name: MY_TOKEN } }
        expect: { decision: deny, rule: environment.deny }
      - name: a change of ordinary size is judged
        request: { limit: { name: filesChanged, value: 100 } }
        expect: { decision: allow }
      - name: a change of a thousand files is refused
        request: { limit: { name: filesChanged, value: 101 } }
        expect: { decision: deny }
      - name: many added lines are refused
        request: { limit: { name: linesAdded, value: 5001 } }
        expect: { decision: deny }
      - name: many removed lines are refused
        request: { limit: { name: linesRemoved, value: 5001 } }
        expect: { decision: deny }
      - name: nothing is approved without a person
        value: approval.auto
        expect: { equals: "false" }
      - name: one person must agree
        value: approval.count
        expect: { equals: "1" }
    """
        .replace("POLICY", PolicyWriter.quoted(policy))
        .replace("path: CI", "path: " + CI)
        .replace("DENYING", denying);
  }

  /** Creates a file that only its owner can read; never replaces one. */
  static void write(Path file, String text) {
    try {
      Path parent = file.toAbsolutePath().getParent();
      if (parent != null && !Files.isDirectory(parent)) {
        Files.createDirectories(
            parent,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      try (var channel =
          Files.newByteChannel(
              file,
              Set.of(
                  StandardOpenOption.CREATE_NEW,
                  StandardOpenOption.WRITE,
                  LinkOption.NOFOLLOW_LINKS),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        channel.write(java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      }
    } catch (FileAlreadyExistsException e) {
      throw RunnerException.of(FailureCode.USAGE, "the file is there already")
          .at(Escape.line(file.toString()))
          .note("nothing was changed")
          .help("name another one with --output");
    } catch (IOException e) {
      throw RunnerException.of(
              FailureCode.IO_FAILED, "cannot write: " + Escape.line(String.valueOf(e)))
          .at(Escape.line(file.toString()))
          .cause(e)
          .help("name a file with --output in a directory that you may write");
    }
  }
}
