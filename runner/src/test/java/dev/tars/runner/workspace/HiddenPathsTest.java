package dev.tars.runner.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.PolicyLoader;
import dev.tars.runner.policy.PolicySources;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a policy hides is not in the copy, and what it excepts is, with what leads to it. */
class HiddenPathsTest {
  @TempDir private Path temp;
  private StoreLayout layout;
  private Path workspace;

  @BeforeEach
  void open() throws IOException {
    layout = StoreLayout.open(LinuxDisk.create(), temp.resolve("state"));
    workspace = temp.resolve("ws");
    for (String file :
        List.of(
            "src/a",
            "src/deep/b",
            "conf/q",
            "conf/pub/a.txt",
            "conf/pub/b",
            "top",
            "out/x",
            "out/keep")) {
      Path at = workspace.resolve(file);
      Files.createDirectories(at.getParent());
      Files.writeString(at, file);
    }
  }

  @Test
  void withoutRulesEverythingIsCopied() {
    assertThat(copied("files: {}")).contains("conf/q", "top", "out/x").hasSize(13);
  }

  @Test
  void anExceptionIsCopiedWithBareDirectories() {
    assertThat(
            copied(
                "filesystem: { hide: [ { id: h, paths: [\"conf/**\"], except: [\"conf/pub/a.txt\"] } ] }"))
        .contains("conf", "conf/pub", "conf/pub/a.txt", "top")
        .doesNotContain("conf/q", "conf/pub/b");
  }

  @Test
  void whatIsNotReadableIsNotCopied() {
    assertThat(
            copied("filesystem: { read: [ { id: r, paths: [\"src/**\"], except: [\"src/a\"] } ] }"))
        .containsExactlyInAnyOrder("src", "src/deep", "src/deep/b");
  }

  @Test
  void scratchIsNotCopiedButForItsExceptions() {
    assertThat(
            copied(
                "filesystem: { scratch: [ { id: s, paths: [\"out/**\"], except: [\"out/keep\"] } ] }"))
        .contains("out", "out/keep")
        .doesNotContain("out/x");
  }

  private List<String> copied(String body) {
    Baseline baseline =
        new Baselines(layout).capture(layout.workspace(workspace), policy(body), 0, 0);
    return baseline.nodes().stream().map(node -> node.path().toString()).toList();
  }

  private EffectivePolicy policy(String body) {
    String text = "apiVersion: tars.dev/policy/v1\nkind: PermissionPolicy\n" + body + "\n";
    return PolicyLoader.unenforced(new PolicySources(temp, temp, Map.of(), temp))
        .alone(text.getBytes(StandardCharsets.UTF_8), "policy.yaml", Optional.empty());
  }
}
