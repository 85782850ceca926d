package dev.tars.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bundles that were changed on the way, cut, made of tricks that tar readers differ about, signed
 * by the wrong key, or signed by the right key and wrong in themselves. Each is refused for a
 * reason of its own, and leaves nothing.
 */
class ForgedBundleTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path temp;
  private final KeyPair trusted = ForgedBundle.newKey();
  private RunBench desk;
  private Path real;

  @BeforeEach
  void makeOne() {
    RunBench judge = new RunBench(temp.resolve("judge")).as("ci");
    judge.dryRun = true;
    assertThat(judge.run().exit()).isZero();
    real = temp.resolve("real.tar");
    assertThat(judge.export(real).exit()).isZero();
    desk = new RunBench(temp.resolve("desk"));
    desk.policy(
        RunBench.GATE + "trust: { keys: { judge: " + ForgedBundle.publicKey(trusted) + " } }\n");
  }

  private ForgedBundle forged() {
    try {
      return new ForgedBundle(real, trusted);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void anUnchangedOneOfTheSameHandIsTaken() {
    ForgedBundle same = forged();
    Path file = same.write(temp.resolve("same.tar"), same.restate().bytes());
    assertThat(desk.take(file).exit()).isEqualTo(12);
    assertThat(desk.approve().exit()).isZero();
    assertThat(desk.tree()).containsEntry("a.txt", "hello\nmore\n");
  }

  @Test
  void eachForgeryIsRefusedForAReasonOfItsOwnAndLeavesNothing() throws IOException {
    Map<String, String> reasons = new HashMap<>();
    int number = 0;
    for (Map.Entry<String, byte[]> one : forgeries().entrySet()) {
      Path file = Files.write(temp.resolve("forged-" + ++number + ".tar"), one.getValue());
      RunBench.Ended ended = desk.take(file);
      assertThat(ended.exit()).as(one.getKey() + ": " + ended.text()).isEqualTo(19);
      String reason = ended.text().replaceFirst(" nothing of it was kept.*", "");
      assertThat(reason).as(one.getKey()).contains(one.getKey().replaceFirst(".*: ", ""));
      assertThat(reasons.put(reason, one.getKey())).as(one.getKey() + ": " + reason).isNull();
    }
    assertThat(reasons).hasSizeGreaterThanOrEqualTo(50);
    assertThat(desk.state.resolve("contexts")).doesNotExist();
    assertThat(desk.audit()).doesNotContain("run", "import");
    assertThat(desk.tree())
        .containsOnlyKeys("a.txt", "src/b.txt")
        .containsEntry("a.txt", "hello\n");
    assertThat(Files.list(desk.state.resolve("objects"))).isEmpty();
  }

  /** What is done to a bundle, a colon, and words of the reason: bytes. */
  private Map<String, byte[]> forgeries() throws IOException {
    Map<String, byte[]> all = new LinkedHashMap<>();
    byte[] whole = forged().bytes();

    // cut and continued
    all.put("empty: it is empty", new byte[0]);
    all.put("cut in the first header: within its first header", Arrays.copyOf(whole, 700 - 400));
    all.put("cut in the envelope: ends within bundle.json", Arrays.copyOf(whole, 600));
    all.put(
        "one byte short: bytes, and what is signed takes", Arrays.copyOf(whole, whole.length - 1));
    all.put(
        "ten KiB more, as GNU pads: bytes, and what is signed takes",
        Arrays.copyOf(whole, whole.length + 10240));
    all.put("gzip in place of tar: bundle.json", gzip(whole));

    // signatures
    all.put("signed by a stranger: names no key", changed(_ -> {}, ForgedBundle.newKey()));
    all.put(
        "a byte of the signature: not that of the key judge",
        envelope(e -> flip((ObjectNode) e.path("signatures").path(0), "sig")));
    all.put("no signature: its signature is missing", envelope(e -> e.putArray("signatures")));
    all.put(
        "a second signature: not spelled",
        envelope(e ->
            ((com.fasterxml.jackson.databind.node.ArrayNode) e.path("signatures"))
                .add(e.path("signatures").path(0).deepCopy())));
    all.put("no payload: its payload is missing", envelope(e -> e.remove("payload")));
    all.put(
        "payload in other letters: its payload is no base64",
        envelope(e -> e.put("payload", "***")));
    all.put(
        "an array in place of the envelope: its envelope is no JSON object",
        forged().bytes("[]".getBytes(StandardCharsets.UTF_8)));
    all.put(
        "no JSON: its envelope is no JSON",
        forged().bytes("{\"a\":".getBytes(StandardCharsets.UTF_8)));
    all.put(
        "payload of no JSON: its statement is no JSON",
        forged().bytes(forged().envelope("{".getBytes(StandardCharsets.UTF_8))));

    // statements that are signed and say something else
    all.put(
        "an attestation in its place: no statement on a bundle",
        restated(f -> f.statement.put("predicateType", "https://tars.dev/change/v1")));
    all.put(
        "a field of a later version: fields that this version does not know",
        restated(f -> f.predicate().put("promote", true)));
    all.put(
        "a time that is none: the time of its statement",
        restated(f -> f.predicate().put("at", "yesterday")));
    all.put(
        "a name that leads out: a file that no bundle has",
        changed(f -> {
          f.entry("improvement").name = "../improvement.yaml";
          f.restate();
        }));
    all.put(
        "an object named twice: twice",
        changed(f -> {
          f.entries.add(
              new ForgedBundle.Entry(f.entry("objects/").name, f.entry("objects/").content));
          f.restate();
        }));
    all.put(
        "a size that is negative: has no size for context.json",
        changed(f -> {
          f.restate();
          ((com.fasterxml.jackson.databind.node.ArrayNode) f.predicate().path("sizes")).set(0, -5);
        }));

    // sizes
    all.put(
        "an object of 40 MiB: bytes, and at most",
        restated(f ->
            f.entries.add(
                new ForgedBundle.Entry("objects/" + "0".repeat(64), new byte[40 << 20]))));
    all.put(
        "a document of 17 MiB: improvement.yaml has",
        restated(f -> f.entry("improvement").text("#".repeat(17 << 20))));
    all.put(
        "thousands of logs: documents and logs",
        restated(f -> {
          for (int i = 0; i < 2_100; i++) {
            f.entries.add(new ForgedBundle.Entry("steps/s" + i + ".log", new byte[0]));
          }
        }));
    all.put(
        "thousands of objects: files of the change",
        restated(f -> {
          for (int i = 0; i < 5_000; i++) {
            f.entries.add(new ForgedBundle.Entry("objects/%064x".formatted(i), new byte[0]));
          }
        }));
    all.put(
        "an envelope of 9 MiB: bundle.json has",
        forged().bytes(" ".repeat(9 << 20).getBytes(StandardCharsets.UTF_8)));

    // tar
    Map<Character, String> types = new LinkedHashMap<>();
    types.put('1', "a hard link");
    types.put('2', "a symbolic link");
    types.put('3', "a device");
    types.put('5', "a directory");
    types.put('6', "a pipe");
    types.put('7', "old or contiguous");
    types.put('x', "a PAX header");
    types.put('L', "a GNU header");
    types.put('S', "a sparse file");
    types.put('Z', "an unknown type");
    types.forEach((type, words) ->
        all.put(
            "type " + type + ": " + words,
            changed(f -> {
              f.restate();
              f.entry("changeset").type = type;
              f.entry("changeset").link = "/etc/passwd";
            })));
    all.put(
        "a GNU long name before a file: what is signed takes",
        changed(f -> {
          f.restate();
          ForgedBundle.Entry longer = new ForgedBundle.Entry("././@LongLink", new byte[0]);
          longer.type = 'L';
          f.entry("changeset").before = ForgedBundle.header(longer);
        }));
    header(all, "an absolute name: an absolute name", e -> e.name = "/etc/cron.d/x");
    header(all, "a name with dots: leads out of it", e -> e.name = "a/../../x");
    header(all, "a file again: context.json twice", e -> e.name = "context.json");
    header(
        all,
        "another name: another file where changeset.json belongs",
        e -> e.name = "changeset.jso");
    header(all, "another mode: an owner, a time, a mode", e -> e.mode = "0004755");
    header(
        all,
        "a size in base 256: a size in base 256",
        e -> e.size = "\u0080\0\0\0\0\0\0\0\0\0\u0001");
    header(all, "another size: another size than was signed", e -> e.size = "00000000001");
    header(all, "a wrong checksum: its checksum is wrong", e -> e.checksumOff = 1);
    all.put(
        "an end too soon: it ends before changeset.json",
        changed(
            f -> {
              f.restate();
              byte[] nothing = new byte[0];
              f.entry("changeset").before = nothing;
              f.entry("changeset").type = 0;
              f.entry("changeset").name = "";
            },
            bytes -> zero(bytes, "")));
    all.put("bytes after the end of a file: after bundle.json", padding());
    all.put(
        "bytes in the last blocks: at its end",
        changed(f -> {
          f.restate();
          f.tail[700] = 'x';
        }));
    all.put(
        "two files exchanged: another file where context.json belongs",
        changed(f -> {
          f.restate();
          f.entries.addFirst(f.entries.remove(1));
        }));

    // contents
    contents(all, "context.json");
    contents(all, "changeset.json");
    contents(all, "verdict.json");
    contents(all, "improvement.yaml");
    contents(all, "policy.json");
    all.put(
        "a byte of an object: is not what was signed",
        changed(f -> {
          f.restate();
          f.entry("objects/").content[0] ^= 1;
        }));

    // documents that are signed and contradict each other
    all.put(
        "no verdict: it has no verdict.json", restated(f -> f.entries.remove(f.entry("verdict"))));
    all.put(
        "no context: it has no context.json", restated(f -> f.entries.remove(f.entry("context"))));
    all.put(
        "no object: lacks the content of 1 files",
        restated(f -> f.entries.remove(f.entry("objects/"))));
    all.put(
        "an object too many: no content of its change",
        restated(f -> {
          byte[] more = {1, 2, 3};
          f.entries.add(new ForgedBundle.Entry("objects/" + Digest.of(more).hex(), more));
        }));
    all.put(
        "an object under another name: has the name of another content",
        restated(f -> f.entry("objects/").name = "objects/" + "0".repeat(64)));
    all.put(
        "a verdict that is another one: about the verdict",
        restated(f ->
            f.entry("verdict")
                .text(f.entry("verdict").text().replaceFirst("\"millis\":\\d+", "\"millis\":77"))));
    all.put(
        "a context that still runs: had not come to an end",
        restated(f ->
            f.entry("context")
                .text(f.entry("context").text().replace("dry-run-passed", "validating"))));
    all.put(
        "a context of another number: about the context",
        restated(f -> f.predicate().put("contextId", "CTX-9")));
    all.put("another user: about who ran it", restated(f -> f.predicate().put("ranBy", "root")));
    all.put(
        "another policy: about the policy",
        restated(f -> f.predicate().put("policyDigest", digest())));
    all.put(
        "another image: about the image",
        restated(f -> f.predicate().put("imageDigest", digest())));
    all.put(
        "another base: about the base", restated(f -> f.predicate().put("baseDigest", digest())));
    all.put(
        "another change: about the change set",
        restated(f -> f.predicate().put("changeSet", digest())));
    all.put(
        "no dry run: about whether it was a dry run",
        restated(f -> f.predicate().put("dryRun", false)));
    all.put(
        "another improvement: about the improvement",
        restated(f -> f.predicate().put("improvementId", "X")));
    all.put(
        "a context with a field twice: its context.json is no JSON",
        restated(f ->
            f.entry("context")
                .text("{\"state\":\"promoted\"," + f.entry("context").text().substring(1))));
    all.put(
        "a change with another digest: the digest is not that of the changes",
        restated(f ->
            f.entry("changeset")
                .text(
                    f.entry("changeset").text().replace("\"mode\":\"644\"", "\"mode\":\"600\""))));
    return all;
  }

  private static String digest() {
    return Digest.of(new byte[] {7}).toString();
  }

  private void contents(Map<String, byte[]> all, String name) {
    all.put(
        "a byte of " + name + ": " + name + " is not what was signed",
        changed(f -> {
          f.restate();
          f.entry(name).content[5] ^= 1;
        }));
  }

  private void header(Map<String, byte[]> all, String name, Consumer<ForgedBundle.Entry> change) {
    all.put(
        name,
        changed(f -> {
          f.restate();
          change.accept(f.entry("changeset"));
        }));
  }

  private byte[] changed(Consumer<ForgedBundle> change) {
    return changed(change, trusted);
  }

  private byte[] changed(Consumer<ForgedBundle> change, Function<byte[], byte[]> then) {
    return then.apply(changed(change));
  }

  private byte[] changed(Consumer<ForgedBundle> change, KeyPair key) {
    try {
      ForgedBundle bundle = new ForgedBundle(real, key);
      change.accept(bundle);
      return bundle.bytes();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Changed, and signed by the trusted key as it is then. */
  private byte[] restated(Consumer<ForgedBundle> change) {
    return changed(f -> {
      f.restate();
      change.accept(f);
      ObjectNode predicate = f.predicate().deepCopy();
      f.restate();
      assertThat(f.predicate().path("sizes").size()).isEqualTo(f.entries.size());
      assertThat(predicate.path("at")).isEqualTo(f.predicate().path("at"));
    });
  }

  private byte[] envelope(Consumer<ObjectNode> change) throws IOException {
    ForgedBundle bundle = forged().restate();
    ObjectNode envelope = (ObjectNode) JSON.readTree(bundle.envelope());
    change.accept(envelope);
    return bundle.bytes(CanonicalJson.bytes(envelope));
  }

  private static void flip(ObjectNode node, String field) {
    char[] text = node.path(field).asText().toCharArray();
    text[5] = text[5] == 'A' ? 'B' : 'A';
    node.put(field, new String(text));
  }

  /** The header that has this name becomes zeros. */
  private static byte[] zero(byte[] bytes, String name) {
    for (int at = 512; at + 512 <= bytes.length; at += 512) {
      boolean ours =
          bytes[at] == 0
              && new String(bytes, at + 257, 5, StandardCharsets.US_ASCII).equals("ustar");
      if (ours && name.isEmpty()) {
        Arrays.fill(bytes, at, at + 512, (byte) 0);
        return bytes;
      }
    }
    throw new IllegalStateException("no such header");
  }

  private byte[] padding() {
    byte[] bytes = forged().restate().bytes();
    int size = forged().restate().envelope().length;
    assertThat(size % 512).isNotZero();
    bytes[512 + size] = 'x';
    return bytes;
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    try (java.util.zip.GZIPOutputStream zip = new java.util.zip.GZIPOutputStream(out)) {
      zip.write(bytes);
    }
    return out.toByteArray();
  }
}
