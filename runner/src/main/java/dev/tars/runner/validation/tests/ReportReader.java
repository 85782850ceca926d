package dev.tars.runner.validation.tests;

import dev.tars.runner.model.Escape;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamException;

/** All report files of one run, within bounds, to one inventory. */
public final class ReportReader {
  private static final int MOST_FILES = 20_000;
  private static final long MOST_BYTES = 512L << 20;

  private static final Pattern NO_REPORT =
      Pattern.compile("(^|/)(testng-failed|failsafe-summary)\\.xml$");
  private static final Pattern OF_MODULE = Pattern.compile("./(target|build)/");
  private static final Pattern GO =
      Pattern.compile("\\{\"(Time|Action|ImportPath)\":\"|FAIL\t\\S+ \\[\\w+ failed]");
  private static final Pattern TAP =
      Pattern.compile("TAP version \\d|(not )?ok\\b|1\\.\\.\\d|# Subtest: ");

  private long bytesLeft = MOST_BYTES;

  private ReportReader() {}

  public static Reports read(List<? extends ReportFile> files) {
    if (files.size() > MOST_FILES) {
      return new Reports.Unreadable("there are more than " + MOST_FILES + " report files");
    }
    ReportReader reader = new ReportReader();
    InventoryBuilder into = new InventoryBuilder();
    for (ReportFile file : files) {
      try (InputStream in = new BufferedInputStream(reader.new Counted(file.open()), 1 << 16)) {
        one(in, file.name(), into);
      } catch (XMLStreamException | IOException e) {
        return new Reports.Unreadable(
            "the report " + file.name() + " does not parse: " + firstLine(e));
      }
    }
    TestInventory tests = into.build(files.size());
    boolean modules = files.stream().anyMatch(file -> OF_MODULE.matcher(file.name()).find());
    return new Reports.Read(tests, into.extent(modules));
  }

  private static void one(InputStream in, String name, InventoryBuilder into)
      throws XMLStreamException, IOException {
    // What these tools lay beside their reports: suites to run again, and sums of the reports.
    if (NO_REPORT.matcher(name).find()) {
      return;
    }
    in.mark(512);
    String head = new String(in.readNBytes(256), StandardCharsets.UTF_8).stripLeading();
    in.reset();
    if (TAP.matcher(head).lookingAt()) {
      into.begin(TapReport.KIND, name);
      TapReport.read(in, into);
    } else if (GO.matcher(head).lookingAt()) {
      into.begin(GoTestJson.KIND, name);
      GoTestJson.read(in, into);
    } else {
      XmlReport.read(in, name, into);
    }
  }

  /** The parser's message names positions and content over several lines; one is enough. */
  private static String firstLine(Exception e) {
    Throwable nested = e instanceof XMLStreamException x ? x.getNestedException() : null;
    String message = String.valueOf((nested == null ? e : nested).getMessage());
    String text = message.replaceFirst("(?s).*\\nMessage: ", "").strip();
    int end = text.indexOf('\n');
    String line = end < 0 ? text : text.substring(0, end);
    return Escape.line(line.length() > 200 ? line.substring(0, 200) : line);
  }

  private final class Counted extends FilterInputStream {
    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
      int n = in.read(buffer, offset, count);
      bytesLeft -= Math.max(n, 0);
      if (bytesLeft < 0) {
        throw new IOException("the reports together have more than " + MOST_BYTES + " bytes");
      }
      return n;
    }
  }
}
