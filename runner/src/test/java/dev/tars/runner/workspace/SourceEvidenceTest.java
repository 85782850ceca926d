package dev.tars.runner.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.ChangeLimits;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.PolicyLoader;
import dev.tars.runner.policy.PolicySources;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.util.FS;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is source is copied and promoted, also where a scratch rule names it. */
class SourceEvidenceTest {
  private static final String RULES =
      "{ id: s, paths: [\"target/**\", \"**/target/**\", \"**/build/**\", \"**/dist/**\","
          + " \"**/__pycache__/**\", \"*.log\"] }";

  @TempDir private Path temp;
  private StoreLayout layout;
  private Path workspace;
  private EffectivePolicy policy;

  @BeforeEach
  void open() throws IOException {
    layout = StoreLayout.open(LinuxDisk.create(), temp.resolve("state"));
    workspace = Files.createDirectories(temp.resolve("ws"));
    String text =
        "apiVersion: tars.dev/policy/v1\nkind: PermissionPolicy\nfilesystem: { scratch: ["
            + RULES
            + "] }\n";
    policy =
        PolicyLoader.unenforced(new PolicySources(temp, temp, Map.of(), temp))
            .alone(text.getBytes(StandardCharsets.UTF_8), "policy.yaml", Optional.empty());
  }

  @Test
  void aJavaPackageCalledTargetIsSource() throws IOException {
    write("pom.xml", "src/main/java/demo/target/T.java", "src/main/java/demo/app/A.java");
    assertThat(copied()).contains("src/main/java/demo/target/T.java");
  }

  @Test
  void whatABuildWroteBesideItsBuildFileIsScratch() throws IOException {
    write(
        "pom.xml",
        "target/classes/A.class",
        "target/generated-sources/annotations/demo/G.java",
        "module/pom.xml",
        "module/target/generated-sources/demo/G.java");
    assertThat(copied()).containsExactlyInAnyOrder("pom.xml", "module", "module/pom.xml");
  }

  @Test
  void aPythonPackageCalledBuildIsSourceAndItsCacheIsNot() throws IOException {
    write(
        "setup.py",
        "build/__init__.py",
        "build/tool.py",
        "build/__pycache__/tool.pyc",
        "pkg/build/deep/x.py");
    assertThat(copied())
        .contains("build/__init__.py", "build/tool.py", "pkg/build/deep/x.py")
        .doesNotContain("build/__pycache__");
  }

  @Test
  void whatSetuptoolsBuiltIsScratch() throws IOException {
    write("setup.py", "build/lib/pkg/__init__.py", "build/bdist.linux/x");
    assertThat(copied()).containsExactly("setup.py");
  }

  @Test
  void whatGitTracksIsSource() throws IOException {
    write("package.json", "dist/index.js", "other.log", "kept.log");
    index("dist/index.js", "kept.log");
    assertThat(copied()).contains("dist/index.js", "kept.log").doesNotContain("other.log");
  }

  @Test
  void aTrackedPlaceholderKeepsNothing() throws IOException {
    write("package.json", "dist/.gitkeep", "dist/bundle.map");
    index("dist/.gitkeep");
    assertThat(copied()).containsExactly("package.json");
  }

  @Test
  void aDamagedIndexTakesNothingAway() throws IOException {
    write("src/build/x.py", "dist/a.bin");
    for (byte[] bytes :
        List.of(
            new byte[0],
            "DIRC".getBytes(StandardCharsets.UTF_8),
            header(2, Integer.MAX_VALUE),
            header(4, 3),
            header(9, 1))) {
      Files.createDirectories(workspace.resolve(".git"));
      Files.write(workspace.resolve(".git/index"), bytes);
      assertThat(copied()).contains("src/build/x.py").doesNotContain("dist/a.bin");
    }
  }

  @Test
  void namesOfAnIndexOfVersionFourAreShortenedByTheOneBefore() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(header(4, 2));
    out.writeBytes(new byte[62]);
    out.writeBytes("\0dist/a.js\0".getBytes(StandardCharsets.UTF_8));
    out.writeBytes(new byte[62]);
    out.writeBytes("\4b.js\0".getBytes(StandardCharsets.UTF_8));
    assertThat(GitIndex.parse(out.toByteArray()).names())
        .containsExactly(RelativePath.of("dist/a.js"), RelativePath.of("dist/b.js"));
  }

  @Test
  void whatAChangeAddsToAKeptDirectoryIsInTheChangeSet() throws IOException {
    write("pom.xml", "src/demo/target/T.java", "target/classes/A.class");
    Baseline baseline = baseline();
    Layer layer = Layer.create(layout.disk(), temp.resolve("layer"), baseline, uid(), uid());
    LayerWriter writer = new LayerWriter(layout.disk(), layer);
    for (String path :
        List.of(
            "src/demo/target/U.java",
            "src/demo/target/sub/V.java",
            "src/demo/target/__pycache__/x.pyc",
            "target/classes/B.class",
            "lib/target/Made.java")) {
      writer.write(RelativePath.of(path), new byte[] {'x'}, 0644);
    }
    ChangeSet changes =
        ChangeSetReader.read(
            layout,
            layer,
            new ChangeSetReader.Scope(
                policy,
                new ChangeLimits(
                    100, 100, 100, ByteCount.mebibytes(1), ByteCount.mebibytes(1), 200, 20),
                Set.of()));
    assertThat(changes.changes().stream().map(c -> c.path().toString()))
        .contains("src/demo/target/U.java", "src/demo/target/sub/V.java")
        .noneMatch(p -> p.contains("__pycache__") || p.endsWith(".class") || p.contains("Made"));
  }

  private void write(String... files) throws IOException {
    for (String file : files) {
      Path at = workspace.resolve(file);
      Files.createDirectories(at.getParent());
      Files.writeString(at, file);
    }
  }

  /** As git itself writes it. */
  private void index(String... names) throws IOException {
    Files.createDirectories(workspace.resolve(".git"));
    DirCache cache = DirCache.lock(workspace.resolve(".git/index").toFile(), FS.DETECTED);
    DirCacheBuilder builder = cache.builder();
    for (String name : names) {
      DirCacheEntry entry = new DirCacheEntry(name);
      entry.setFileMode(FileMode.REGULAR_FILE);
      builder.add(entry);
    }
    builder.finish();
    cache.write();
    assertThat(cache.commit()).isTrue();
  }

  private static byte[] header(int version, int entries) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DataOutputStream data = new DataOutputStream(out)) {
      data.writeBytes("DIRC");
      data.writeInt(version);
      data.writeInt(entries);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static int uid() throws IOException {
    return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }

  private Baseline baseline() throws IOException {
    return new Baselines(layout).capture(layout.workspace(workspace), policy, uid(), uid());
  }

  private List<String> copied() throws IOException {
    return baseline().below(RelativePath.ROOT).stream().map(RelativePath::toString).toList();
  }
}
