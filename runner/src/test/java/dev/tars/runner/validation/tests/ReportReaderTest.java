package dev.tars.runner.validation.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportReaderTest {

  @Test
  void surefireReportsBecomeNamesAndStatuses() throws IOException {
    TestInventory tests = read(fixture("surefire.xml"));
    assertThat(tests.tests())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "org.acme.CalcTest#adds", TestStatus.PASSED,
                "org.acme.CalcTest#{int, Object}[1] 1, org.acme.Calc@…", TestStatus.PASSED,
                "org.acme.CalcTest#divides", TestStatus.FAILED,
                "org.acme.CalcTest#rounds", TestStatus.SKIPPED,
                "org.acme.CalcTest#sometimes", TestStatus.PASSED,
                "org.acme.CalcTest#same", TestStatus.PASSED,
                "org.acme.CalcTest#same (2)", TestStatus.PASSED));
    assertThat(tests.flaky()).containsExactly("org.acme.CalcTest#sometimes");
    assertThat(tests.run()).isEqualTo(6);
    assertThat(tests.red()).isEqualTo(1);
  }

  @Test
  void pytestReportsBecomeNamesAndStatuses() throws IOException {
    assertThat(read(fixture("pytest.xml")).tests())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "test_a#test_param[1]", TestStatus.PASSED,
                "test_a#test_param[2]", TestStatus.FAILED,
                "test_a#test_ok", TestStatus.PASSED,
                "test_a#test_skip", TestStatus.SKIPPED,
                "test_a#test_err", TestStatus.ERROR,
                "test_a.TestC#test_in_class", TestStatus.PASSED));
  }

  @Test
  void nodeReportsAreNamedByTheirSuitesBecauseEveryClassIsTheSame() throws IOException {
    assertThat(read(fixture("node.xml")).tests())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "test#top ok", TestStatus.PASSED,
                "outer > inner#same", TestStatus.PASSED,
                "outer > inner#bad", TestStatus.FAILED,
                "outer > inner#later", TestStatus.SKIPPED,
                "outer#same", TestStatus.PASSED,
                "test#todo one", TestStatus.SKIPPED));
  }

  @Test
  void whatDidNotLoadIsNamedSoInEveryDialect() {
    assertThat(
            read("<testsuites><testsuite name='pytest' errors='1'><testcase classname='' name='tests.test_a'><error message='collection failure'/></testcase></testsuite></testsuites>")
                .tests())
        .containsOnlyKeys("tests.test_a#(not loaded)");
    assertThat(
            read("<testsuite name='T'><testcase classname='org.T' name=''><error/></testcase></testsuite>")
                .tests())
        .containsOnlyKeys("org.T#(not loaded)");
    assertThat(
            read("<testsuites><testcase classname='test' name='/workspace/a.test.js'><failure/></testcase></testsuites>")
                .tests())
        .containsOnlyKeys("/workspace/a.test.js#(not loaded)");
  }

  @Test
  void aSecondGreenReportDoesNotHideARedTest() {
    TestInventory tests =
        ((Reports.Read)
                ReportReader.read(
                    List.of(
                        file(
                            "<testsuite><testcase classname='A' name='x'><failure/></testcase></testsuite>"),
                        file("<testsuite><testcase classname='A' name='x'/></testsuite>"))))
            .tests();
    assertThat(tests.tests())
        .containsExactly(
            Map.entry("A#x", TestStatus.FAILED), Map.entry("A#x (2)", TestStatus.PASSED));
  }

  @Test
  void aSuiteThatSaysItIsRedWithoutARedTestIsRed() {
    TestInventory tests =
        read("<testsuite errors='1' tests='1'><testcase classname='A' name='x'/></testsuite>");
    assertThat(tests.red()).isEqualTo(1);
  }

  @Test
  void aDocumentTypeIsRefusedAndNoFileIsRead(@TempDir Path dir) throws IOException {
    String canary = "canary-" + Long.toHexString(System.nanoTime());
    Path secret = Files.writeString(dir.resolve("secret"), canary);
    String report =
        "<?xml version='1.0'?><!DOCTYPE t [<!ENTITY e SYSTEM '%s'>]>"
            + "<testsuite><testcase classname='A' name='&e;'/><testcase classname='B' name='b'>&e;"
            + "</testcase></testsuite>";
    String attack = report.formatted(secret.toUri());
    assertThat(unreadable(attack)).contains("document type declaration").doesNotContain(canary);
    // Positive control: the JDK's parser as it comes does read the file.
    assertThat(textWithDefaultParser(attack.replace("name='&e;'", "name='e'"))).contains(canary);
  }

  @Test
  void aBillionLaughsAreRefusedBeforeTheFirst() {
    StringBuilder dtd = new StringBuilder("<!DOCTYPE t [<!ENTITY a 'lol'>");
    for (char c = 'b'; c < 'k'; c++) {
      dtd.append("<!ENTITY %c '%s'>".formatted(c, ("&" + (char) (c - 1) + ";").repeat(10)));
    }
    assertThat(unreadable(dtd + "]><testsuite name='&j;'/>")).contains("document type declaration");
  }

  @Test
  void anEndlessAttributeIsRefusedBeforeItIsHeld() {
    long[] read = {0};
    String why = unreadable(endless("<testsuite name='", "aaaaaaaa", read));
    assertThat(why).contains("a tag is longer than");
    assertThat(read[0]).isLessThan(4L << 20);
  }

  @Test
  void anEndlessReportIsRefused() {
    String why =
        unreadable(
            endless("<testsuite>", "<testcase classname='A' name='a'/>          ", new long[1]));
    assertThat(why).containsAnyOf("more than 67108864 bytes", "more than 200000 tests");
  }

  @Test
  void longOutputInAReportIsNotTakenForTests() {
    String head = "<testsuite><testcase classname='A' name='a'><system-out><![CDATA[";
    String tail = "]]></system-out></testcase></testsuite>";
    TestInventory tests = ((Reports.Read) ReportReader.read(List.of(sized(head, tail)))).tests();
    assertThat(tests.tests()).containsOnlyKeys("A#a");
  }

  @Test
  void deepNestingIsRefused() {
    assertThat(unreadable("<testsuite>" + "<a>".repeat(5000))).isNotEmpty();
  }

  @Test
  void atruncatedReportIsUnreadable() throws IOException {
    String whole = fixture("pytest.xml");
    assertThat(unreadable(whole.substring(0, whole.length() - 30))).contains("does not parse");
  }

  @Test
  void aFileThatIsNoReportIsUnreadable() {
    assertThat(unreadable("<html/>")).contains("root element");
    assertThat(unreadable("")).contains("does not parse");
    assertThat(unreadable("\0\0\0")).contains("does not parse");
    assertThat(unreadable("<testsuite name='<script>'/>")).contains("does not parse");
  }

  @Test
  void anUnreadableReportAmongReadableOnesMakesAllUnreadable() {
    assertThat(ReportReader.read(List.of(file("<testsuite/>"), file("<testsuite>"))))
        .isInstanceOf(Reports.Unreadable.class);
  }

  @Test
  void aUtf16DeclarationCannotSwitchWhatTheGuardSees() {
    assertThat(unreadable("<?xml version='1.0' encoding='UTF-16'?><testsuite/>")).isNotEmpty();
    byte[] utf16 =
        "\ufeff<testsuite><testcase classname='A' name='é'/></testsuite>"
            .getBytes(StandardCharsets.UTF_16LE);
    assertThat(((Reports.Read) ReportReader.read(List.of(file(utf16)))).tests().tests())
        .containsOnlyKeys("A#é");
  }

  @Test
  void namesThatAreTooLongAreCutButStayDifferent() {
    String a = "n".repeat(5000) + "a";
    String b = "n".repeat(5000) + "b";
    TestInventory tests =
        read(
            "<testsuite><testcase classname='A' name='%s'/><testcase classname='A' name='%s'/></testsuite>"
                .formatted(a, b));
    assertThat(tests.tests()).hasSize(2);
    assertThat(tests.tests().keySet()).allSatisfy(n -> assertThat(n.length()).isLessThan(500));
  }

  private static String textWithDefaultParser(String xml) {
    try {
      var parser =
          javax.xml.parsers.DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder();
      return parser
          .parse(new ByteArrayInputStream(xml.getBytes(UTF_8)))
          .getDocumentElement()
          .getTextContent();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static TestInventory read(String xml) {
    Reports reports = ReportReader.read(List.of(file(xml)));
    assertThat(reports).isInstanceOf(Reports.Read.class);
    return ((Reports.Read) reports).tests();
  }

  private static String unreadable(String xml) {
    return unreadable(file(xml));
  }

  private static String unreadable(ReportFile file) {
    Reports reports = ReportReader.read(List.of(file));
    assertThat(reports).isInstanceOf(Reports.Unreadable.class);
    return ((Reports.Unreadable) reports).reason();
  }

  private static ReportFile file(String xml) {
    return file(xml.getBytes(UTF_8));
  }

  private static ReportFile file(byte[] xml) {
    return stream(() -> new ByteArrayInputStream(xml));
  }

  /** 48 MiB of text between head and tail. */
  private static ReportFile sized(String head, String tail) {
    byte[] block = "some output > with ] brackets -- and &amp; \n".repeat(24_000).getBytes(UTF_8);
    return stream(() ->
        new SequenceInputStream(
            Collections.enumeration(
                java.util.stream.Stream.of(
                        List.<InputStream>of(new ByteArrayInputStream(head.getBytes(UTF_8))),
                        Collections.nCopies(48, block).stream()
                            .map(b -> (InputStream) new ByteArrayInputStream(b))
                            .collect(Collectors.toList()),
                        List.<InputStream>of(new ByteArrayInputStream(tail.getBytes(UTF_8))))
                    .flatMap(List::stream)
                    .toList())));
  }

  private static ReportFile endless(String head, String repeated, long[] read) {
    byte[] start = head.getBytes(UTF_8);
    byte[] more = repeated.getBytes(UTF_8);
    return stream(() ->
        new InputStream() {
          private long at;

          @Override
          public int read() {
            long i = at++;
            return i < start.length
                ? start[(int) i]
                : more[(int) ((i - start.length) % more.length)];
          }
        });
  }

  private interface Opening {
    InputStream open() throws IOException;
  }

  private static ReportFile stream(Opening opening) {
    return new ReportFile() {
      @Override
      public String name() {
        return "TEST-x.xml";
      }

      @Override
      public InputStream open() throws IOException {
        return opening.open();
      }
    };
  }

  private static String fixture(String name) throws IOException {
    try (InputStream in =
        ReportReaderTest.class.getResourceAsStream("/validation/reports/" + name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
