package dev.tars.runner.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every edit form, and what of a file must survive it. */
class EditsTest {
  private static final RelativePath FILE = RelativePath.of("f");

  private static String apply(String before, String edits) {
    FileImage image = new FileImage.Regular(Bytes.utf8(before), 0644);
    Edits.Result result = Edits.apply(Optional.of(image), Plans.edits(edits), FILE);
    return new String(
        ((FileImage.Regular) result.image()).content().toArray(), StandardCharsets.UTF_8);
  }

  private static RunnerException refused(String before, String edits) {
    try {
      apply(before, edits);
    } catch (RunnerException e) {
      assertThat(e.notes()).contains("nothing was changed");
      return e;
    }
    throw new AssertionError("it was applied");
  }

  private static String patch(String before, String operations) {
    return apply(before, "- jsonPatch: [ " + operations + " ]");
  }

  private static final String COMMENTED =
      """
      {
        // how often
        "retry": { "attempts": 1, "cap": 1.50 }, /* keep */
        "hosts": [
          "a", // first
          "b"
        ],
        "big": 12345678901234567890123
      }
      """;

  @Test
  void jsonPatchKeepsWhatItDoesNotTouch() {
    assertThat(
            patch(
                COMMENTED,
                "{ op: test, path: /retry/attempts, value: 1 }, { op: replace, path: /retry/attempts, value: 4 }"))
        .isEqualTo(COMMENTED.replace("\"attempts\": 1", "\"attempts\": 4"));
    assertThat(patch(COMMENTED, "{ op: add, path: /retry/jitter, value: true }"))
        .isEqualTo(COMMENTED.replace("1.50 }", "1.50, \"jitter\": true }"));
    assertThat(patch(COMMENTED, "{ op: add, path: /hosts/-, value: c }"))
        .isEqualTo(COMMENTED.replace("    \"b\"\n", "    \"b\",\n    \"c\"\n"));
    assertThat(patch(COMMENTED, "{ op: add, path: /hosts/1, value: x }"))
        .isEqualTo(COMMENTED.replace("    \"b\"\n", "    \"x\",\n    \"b\"\n"));
    assertThat(patch(COMMENTED, "{ op: add, path: /last, value: { a: [1, null] } }"))
        .isEqualTo(COMMENTED.replace("90123\n}", "90123,\n  \"last\": {\"a\":[1,null]}\n}"));
    assertThat(patch(COMMENTED, "{ op: remove, path: /big }"))
        .isEqualTo(COMMENTED.replace("  ],\n  \"big\": 12345678901234567890123\n", "  ]\n"));
    assertThat(patch(COMMENTED, "{ op: remove, path: /hosts/0 }"))
        .contains("// first")
        .doesNotContain("\"a\"")
        .contains("    \"b\"\n");
    assertThat(patch(COMMENTED, "{ op: remove, path: /retry/attempts }"))
        .isEqualTo(COMMENTED.replace("\"attempts\": 1, ", ""));
    assertThat(patch(COMMENTED, "{ op: copy, from: /big, path: /retry/cap }"))
        .contains("\"cap\": 12345678901234567890123 }");
    assertThat(patch(COMMENTED, "{ op: move, from: /retry/cap, path: /cap }"))
        .contains("{ \"attempts\": 1 }")
        .contains("90123,\n  \"cap\": 1.50\n}");
  }

  @Test
  void jsonPatchWritesNumbersAndTextAsThePlanDoes() {
    assertThat(patch("{\"a\":1}", "{ op: replace, path: /a, value: 2.50 }"))
        .isEqualTo("{\"a\":2.50}");
    assertThat(patch("{\"a\":1}", "{ op: replace, path: /a, value: 123456789012345678901 }"))
        .isEqualTo("{\"a\":123456789012345678901}");
    assertThat(patch("{\"a\":1}", "{ op: replace, path: /a, value: \"1\" }"))
        .isEqualTo("{\"a\":\"1\"}");
    assertThat(patch("{\"ä\":\"é\"}", "{ op: replace, path: /ä, value: \"ü€\" }"))
        .isEqualTo("{\"ä\":\"ü€\"}");
    assertThat(patch("{\"a/b\":{\"m~n\":1}}", "{ op: replace, path: /a~1b/m~0n, value: 2 }"))
        .isEqualTo("{\"a/b\":{\"m~n\":2}}");
    assertThat(patch("{\r\n  \"a\": 1\r\n}\r\n", "{ op: add, path: /b, value: 2 }"))
        .isEqualTo("{\r\n  \"a\": 1,\r\n  \"b\": 2\r\n}\r\n");
    assertThat(patch("{\"a\":1,}", "{ op: add, path: /b, value: 2 }"))
        .isEqualTo("{\"a\":1, \"b\":2,}");
    assertThat(patch("{}", "{ op: add, path: /b, value: 2 }")).isEqualTo("{\"b\": 2}");
    assertThat(patch("[]", "{ op: add, path: /0, value: 2 }")).isEqualTo("[2]");
    assertThat(patch("1", "{ op: replace, path: '', value: [2] }")).isEqualTo("[2]");
    assertThat(patch("{\"a\":1.0}", "{ op: test, path: /a, value: 1 }")).isEqualTo("{\"a\":1.0}");
  }

  @Test
  void jsonPatchSaysWhyItDoesNotFit() {
    assertThat(
            refused(COMMENTED, "- jsonPatch: [ { op: replace, path: /retry/atempts, value: 1 } ]"))
        .hasMessageContaining("no key atempts")
        .satisfies(e -> assertThat(e.notes()).contains("nearest: attempts"));
    assertThat(refused(COMMENTED, "- jsonPatch: [ { op: test, path: /retry/attempts, value: 2 } ]"))
        .hasMessageContaining("is not 2")
        .satisfies(e -> assertThat(e.notes()).contains("line 3 has 1"));
    assertThat(refused(COMMENTED, "- jsonPatch: [ { op: remove, path: /hosts/2 } ]"))
        .hasMessageContaining("no item 2");
    assertThat(refused("{\"a\":1,\"a\":2}", "- jsonPatch: [ { op: remove, path: /a } ]"))
        .hasMessageContaining("twice");
    for (String bad :
        new String[] {
          "", "{", "{a:1}", "[1 2]", "{\"a\":01}", "{\"a\":\"x\ny\"}", "[".repeat(5000)
        }) {
      assertThat(refused(bad, "- jsonPatch: [ { op: add, path: /a, value: 1 } ]").code())
          .isEqualTo(FailureCode.EDIT_CONFLICT);
    }
    assertThat(refused("{\"a\":{}}", "- jsonPatch: [ { op: move, from: /a, path: /a/b } ]"))
        .hasMessageContaining("into itself");
    String first =
        "- jsonPatch: [ { op: add, path: /n, value: 1 }, { op: test, path: /n, value: 2 } ]";
    assertThat(refused("{}", first)).hasMessageContaining("is not 2");
  }

  @Test
  void whatIsNoOperationIsRefusedAtLoad() {
    for (String bad :
        new String[] {
          "{ op: ad, path: /a, value: 1 }",
          "{ op: add, path: a, value: 1 }",
          "{ op: add, path: /a }",
          "{ op: add, path: /a~2, value: 1 }",
          "{ op: move, path: /a }",
          "{ op: remove, path: /a, value: 1 }",
          "{ path: /a }"
        }) {
      assertThatThrownBy(() -> patch("{}", bad))
          .as(bad)
          .isInstanceOf(RunnerException.class)
          .satisfies(
              e -> assertThat(((RunnerException) e).code()).isEqualTo(FailureCode.PLAN_INVALID));
    }
  }

  @Test
  void textFormsKeepBytesLineEndingsAndTheMissingLastLineEnd() {
    String crlf = "one\r\ntwo\r\nthree";
    assertThat(apply(crlf, "- replace: { find: two, with: \"2\" }")).isEqualTo("one\r\n2\r\nthree");
    assertThat(apply(crlf, "- insert: { after: \"two\\r\\n\", text: \"2b\\r\\n\" }"))
        .isEqualTo("one\r\ntwo\r\n2b\r\nthree");
    assertThat(apply(crlf, "- insert: { before: three, text: \"x \" }"))
        .isEqualTo("one\r\ntwo\r\nx three");
    assertThat(apply(crlf, "- prepend: \"# \"")).isEqualTo("# " + crlf);
    byte[] odd = {(byte) 0xff, 'a', 0, (byte) 0xc3};
    FileImage image = new FileImage.Regular(Bytes.of(odd), 0600);
    FileImage.Regular after =
        (FileImage.Regular)
            Edits.apply(Optional.of(image), Plans.edits("- append: \"é\""), FILE).image();
    assertThat(after.content().toArray()).containsExactly(0xff, 'a', 0, 0xc3, 0xc3, 0xa9);
    assertThat(after.mode()).isEqualTo(0600);
  }

  @Test
  void appendedTextIsNoPartOfALastLineWithoutAnEnd() {
    assertThat(apply("a==1", "- append: \"b\\n\"")).isEqualTo("a==1\nb\n");
    assertThat(apply("a==1", "- append: b")).isEqualTo("a==1\nb");
    assertThat(apply("a\r\nb", "- append: \"c\\r\\n\"")).isEqualTo("a\r\nb\r\nc\r\n");
    assertThat(apply("a\n", "- append: \"b\\n\"")).isEqualTo("a\nb\n");
    assertThat(apply("", "- append: \"b\\n\"")).isEqualTo("b\n");
    assertThat(apply("\uFEFF", "- append: \"b\\n\"")).isEqualTo("\uFEFFb\n");
  }

  @Test
  void aByteOrderMarkStaysTheFirstCharacter() {
    assertThat(apply("\uFEFFa\n", "- prepend: \"b\\n\"")).isEqualTo("\uFEFFb\na\n");
    assertThat(apply("a\uFEFF\n", "- prepend: \"b\\n\"")).isEqualTo("b\na\uFEFF\n");
  }

  @Test
  void modeMoveLinkAndBinary() {
    FileImage image = new FileImage.Regular(Bytes.utf8("x"), 0644);
    assertThat(Edits.apply(Optional.of(image), Plans.edits("- mode: \"755\""), FILE).image())
        .isEqualTo(new FileImage.Regular(Bytes.utf8("x"), 0755));
    assertThat(Edits.apply(Optional.of(image), Plans.edits("- move: a/b"), FILE).movedTo())
        .contains(RelativePath.of("a/b"));
    assertThat(Edits.apply(Optional.of(image), Plans.edits("- symlink: ../t"), FILE).image())
        .isEqualTo(new FileImage.Link(Bytes.utf8("../t")));
    String sha = dev.tars.runner.model.Digest.of("hi".getBytes(StandardCharsets.UTF_8)).hex();
    assertThat(
            Edits.apply(
                    Optional.of(image),
                    Plans.edits("- binary: { base64: aGk=, sha256: " + sha + " }"),
                    FILE)
                .image())
        .isEqualTo(new FileImage.Regular(Bytes.utf8("hi"), 0644));
    assertThatThrownBy(
            () -> Plans.edits("- binary: { base64: aGk=, sha256: " + sha.replace('8', '9') + " }"))
        .hasMessageContaining("sha256 is not that of the content");
    FileImage link = new FileImage.Link(Bytes.utf8("t"));
    assertThatThrownBy(() -> Edits.apply(Optional.of(link), Plans.edits("- append: x"), FILE))
        .hasMessageContaining("symbolic link");
  }

  @Test
  void aNearMissIsShownAndNeverApplied() {
    RunnerException tab =
        refused("a\n\treturn send(r);\n", "- replace: { find: \"    return send(r);\", with: x }");
    assertThat(tab.notes())
        .anyMatch(n -> n.contains("f:2") && n.contains("a tab instead of 4 spaces"));
    RunnerException near =
        refused("return sent(r);\n", "- replace: { find: \"return send(r);\", with: x }");
    assertThat(near.notes()).anyMatch(n -> n.contains("1 character differs"));
    RunnerException many = refused("a\nb\na\n", "- replace: { find: a, with: x }");
    assertThat(many).hasMessageContaining("stands 2 times");
    assertThat(many.notes()).contains("line 1 of f", "line 3 of f");
    assertThat(refused("a a", "- insert: { after: a, text: x }")).hasMessageContaining("2 times");
  }

  /** Each edit is small; what they make together doubles each time. */
  @Test
  void editsThatDoubleATextStopBeforeNoMemoryHoldsIt() {
    assertThat(apply("x", doubling(10))).hasSize(1 << 10);
    assertThat(refused("x", doubling(18) + with("y".repeat(2_000), 1 << 18)))
        .hasMessageContaining("too large to be edited")
        .satisfies(e -> assertThat(e.code()).isEqualTo(FailureCode.RESOURCE_LIMIT));

    assertThat(patch("{\"a\":{\"x\":1}}", copies(8))).hasSizeGreaterThan(1 << 8);
    assertThat(refused("{\"a\":{\"x\":1}}", "- jsonPatch: [ " + copies(60) + " ]").code())
        .isEqualTo(FailureCode.RESOURCE_LIMIT);
  }

  private static String doubling(int times) {
    return java.util.stream.IntStream.range(0, times)
        .mapToObj(i -> with("xx", 1 << i))
        .collect(java.util.stream.Collectors.joining());
  }

  private static String with(String text, int occurrences) {
    return "- replace: { find: x, with: " + text + ", occurrences: " + occurrences + " }\n";
  }

  private static String copies(int times) {
    return java.util.stream.IntStream.range(0, times)
        .mapToObj(i -> "{ op: copy, from: /a, path: /a/c" + i + " }")
        .collect(java.util.stream.Collectors.joining(", "));
  }

  @Test
  void operationsOnALargeFileAreCounted() {
    String large = "{\"a\":\"" + "x".repeat(4 << 20) + "\"}";
    String one = "{ op: add, path: /b, value: 1 }";
    assertThat(patch(large, one)).endsWith("\"b\":1}");
    String many = String.join(", ", java.util.Collections.nCopies(100, one));
    assertThat(refused(large, "- jsonPatch: [ " + many + " ]"))
        .hasMessageContaining("too many operations");
  }
}
