package dev.tars.runner.validation.checks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Finding;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.FileFacts;
import dev.tars.runner.policy.Glob;
import dev.tars.runner.policy.Globs;
import dev.tars.runner.policy.RuleMatch;
import dev.tars.runner.policy.TestIntegrity;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** A baseline and a change set in memory. */
public final class ChangeFixture implements Contents {
  private final Map<RelativePath, TreeEntry> baseline = new TreeMap<>();
  private final Map<RelativePath, Optional<TreeEntry>> changed = new TreeMap<>();
  private final Map<Digest, byte[]> objects = new HashMap<>();

  public ChangeFixture base(String path, String content) {
    return base(path, content, 0644);
  }

  public ChangeFixture base(String path, String content, int mode) {
    baseline.put(RelativePath.of(path), file(content.getBytes(UTF_8), mode));
    return this;
  }

  public ChangeFixture baseDir(String path) {
    baseline.put(RelativePath.of(path), new TreeEntry.Directory(0755));
    return this;
  }

  public ChangeFixture set(String path, String content) {
    return set(path, content.getBytes(UTF_8), 0644);
  }

  public ChangeFixture set(String path, byte[] content, int mode) {
    changed.put(RelativePath.of(path), Optional.of(file(content, mode)));
    return this;
  }

  public ChangeFixture dir(String path) {
    return dir(path, 0755);
  }

  public ChangeFixture dir(String path, int mode) {
    changed.put(RelativePath.of(path), Optional.of(new TreeEntry.Directory(mode)));
    return this;
  }

  public ChangeFixture link(String path, String target) {
    changed.put(RelativePath.of(path), Optional.of(new TreeEntry.Symlink(Bytes.utf8(target))));
    return this;
  }

  public ChangeFixture baseLink(String path, String target) {
    baseline.put(RelativePath.of(path), new TreeEntry.Symlink(Bytes.utf8(target)));
    return this;
  }

  public ChangeFixture set(Bytes path) {
    changed.put(RelativePath.of(path), Optional.of(file(new byte[0], 0644)));
    return this;
  }

  public ChangeFixture delete(String path) {
    changed.put(RelativePath.of(path), Optional.empty());
    return this;
  }

  public ChangeSet changeSet() {
    List<Change> changes =
        changed.entrySet().stream()
            .map(e -> new Change(e.getKey(), baseline(e.getKey()), e.getValue()))
            .toList();
    return new ChangeSet(Digest.of("base".getBytes(UTF_8)), changes, List.of(), List.of());
  }

  /** Findings with {@code src/test/} as the tests and the standard rules. */
  public List<Finding> findings() {
    return findings(CheckRules.standard(tests("src/test/", List.of())));
  }

  List<Finding> findings(CheckRules rules) {
    return findings(rules, file -> decision(Effect.ALLOW));
  }

  static Decision decision(Effect effect) {
    SourcePosition at = new SourcePosition("policy.yaml", 7, 5);
    return new Decision(
        effect, List.of(new RuleMatch("files.rule", "user", at, effect, "because")), List.of());
  }

  List<Finding> findings(CheckRules rules, Function<FileFacts, Decision> files) {
    Findings findings = new Findings(rules.severities());
    new StaticChecks(rules, files).check(changeSet(), this, findings);
    return findings.sorted();
  }

  public static TestIntegrity tests(String prefix, List<String> forbidden) {
    return new TestIntegrity(List.of(prefix(prefix)), true, 0, 0, forbidden);
  }

  /** Matches every path below a directory, which is written with a slash at its end. */
  public static Glob prefix(String directory) {
    return Globs.compile(directory + "**");
  }

  @Override
  public byte[] before(Change change) {
    return bytes(change.before());
  }

  @Override
  public byte[] after(Change change) {
    return bytes(change.after());
  }

  @Override
  public Optional<TreeEntry> baseline(RelativePath path) {
    return Optional.ofNullable(baseline.get(path));
  }

  @Override
  public List<RelativePath> baselineChildren(RelativePath directory) {
    return baseline.keySet().stream().filter(p -> p.parent().equals(directory)).toList();
  }

  private byte[] bytes(Optional<TreeEntry> entry) {
    return objects.get(((TreeEntry.RegularFile) entry.orElseThrow()).content());
  }

  private TreeEntry file(byte[] content, int mode) {
    Digest digest = Digest.of(content);
    objects.put(digest, content);
    return new TreeEntry.RegularFile(mode, digest, content.length);
  }
}
