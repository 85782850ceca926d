package dev.tars.runner.validation.tests;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Collects tests from several report files, with a bound on how many and how long. */
final class InventoryBuilder {
  private static final int MOST_TESTS = 200_000;
  private static final int MOST_CHARACTERS = 32 << 20;
  private static final int MOST_FAILURES = 2_000;

  /** Tests by the kind of report: two kinds are two reports of one run. */
  private final Map<String, Map<String, List<TestEntry>>> seen = new LinkedHashMap<>();

  private Map<String, List<TestEntry>> current = new HashMap<>();
  private final Map<String, Set<String>> filesWithTests = new HashMap<>();
  private final Map<String, Boolean> endsRed = new HashMap<>();
  private String kind = "";
  private String file = "";
  private boolean hooksHidden;
  private int tests;
  private int characters;

  /** The next tests are of this file, which is of this kind. */
  void begin(String ofKind, String of) {
    current = seen.computeIfAbsent(ofKind, k -> new HashMap<>());
    kind = ofKind;
    file = of;
  }

  void add(TestEntry entry) throws IOException {
    characters += entry.name().length();
    if (++tests > MOST_TESTS || characters > MOST_CHARACTERS) {
      throw new IOException("the reports hold more than " + MOST_TESTS + " tests");
    }
    current.computeIfAbsent(entry.name(), n -> new ArrayList<>(1)).add(entry);
    if (entry.status() != TestStatus.SKIPPED && !TestInventory.isNoTest(entry.name())) {
      filesWithTests.computeIfAbsent(kind, k -> new HashSet<>()).add(file);
      endsRed.put(kind, entry.status().red());
    }
  }

  /** The report is Node's, which shows no hook that fails. */
  void hidesHooks() {
    hooksHidden = true;
  }

  Extent extent(boolean modules) {
    boolean alone = filesWithTests.values().stream().allMatch(files -> files.size() == 1);
    return new Extent(
        alone && endsRed.containsValue(true),
        modules,
        hooksHidden && !seen.containsKey(TapReport.KIND));
  }

  /**
   * TestNG's own results beside JUnit reports are the same run told twice, in other names: what
   * they hold counts only where it is redder.
   */
  private void settleTestNg() {
    Map<String, List<TestEntry>> junit = seen.getOrDefault(XmlReport.JUNIT, Map.of());
    Map<String, List<TestEntry>> own = seen.getOrDefault(XmlReport.TESTNG, Map.of());
    if (!junit.isEmpty()) {
      seen.remove(XmlReport.TESTNG);
      long more = red(own.values()) - red(junit.values());
      String name = TestName.outside("testng-results");
      for (long i = 0; i < more; i++) {
        junit
            .computeIfAbsent(name, n -> new ArrayList<>(1))
            .add(TestEntry.of(name, TestStatus.ERROR));
      }
    }
  }

  private static long red(Collection<?> lists) {
    return lists.stream()
        .flatMap(list -> ((List<?>) list).stream())
        .filter(entry -> ((TestEntry) entry).status().red())
        .count();
  }

  /**
   * A name that occurs several times in one kind of report stays several tests: the worst first,
   * the others numbered. So a second, green report of a red test hides nothing, and one that
   * vanished is missed. What two kinds of report hold is one test, as the worse of them has it.
   */
  TestInventory build(int files) {
    settleTestNg();
    TreeMap<String, TestStatus> all = new TreeMap<>();
    TreeSet<String> flaky = new TreeSet<>();
    TreeMap<String, TestFailure> failures = new TreeMap<>();
    for (Map<String, List<TestEntry>> kind : seen.values()) {
      kind.forEach((name, entries) -> {
        entries.sort(Comparator.comparing(TestEntry::status).reversed());
        for (int i = 0; i < entries.size(); i++) {
          TestEntry entry = entries.get(i);
          String own = i == 0 ? name : name + " (" + (i + 1) + ")";
          all.merge(own, entry.status(), (a, b) -> a.compareTo(b) > 0 ? a : b);
          if (entry.passedOnRerun()) {
            flaky.add(name);
          }
          if (entry.status().red() && failures.size() < MOST_FAILURES) {
            failures.merge(own, entry.failure(), (a, b) -> a.message().isEmpty() ? b : a);
          }
        }
      });
    }
    return new TestInventory(files, all, flaky, failures);
  }
}
