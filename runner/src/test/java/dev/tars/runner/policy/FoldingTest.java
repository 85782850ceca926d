package dev.tars.runner.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.Bytes;
import java.text.Normalizer;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class FoldingTest {
  @Test
  void aNameOfAsciiIsFoldedAsAnyOtherIs() {
    int other = 0;
    for (char first = 1; first < 0x80; first++) {
      for (char last = 1; last < 0x80; last++) {
        if (first != '/' && last != '/') {
          String name = first + "B" + last;
          assertThat(Folding.fold(Bytes.utf8(name)).lossyText())
              .as("%d B %d", (int) first, (int) last)
              .isEqualTo(folded(name));
          other += folded(name).equals(name.toLowerCase(Locale.ROOT)) ? 0 : 1;
        }
      }
    }
    assertThat(other).as("names of which more than the case is folded").isGreaterThan(3_000);
  }

  /** As it is said in {@link Folding}: for names of three, of which the second is a letter. */
  private static String folded(String name) {
    StringBuilder kept = new StringBuilder();
    Normalizer.normalize(name, Normalizer.Form.NFKC)
        .chars()
        .filter(c -> !Character.isIdentifierIgnorable(c))
        .forEach(c -> kept.append((char) c));
    String folded = kept.toString().toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    int stream = folded.indexOf(':');
    String before = stream > 0 ? folded.substring(0, stream) : folded;
    String cut = before.replaceFirst("[. ]+$", "");
    return cut.isEmpty() ? before.substring(0, 1) : cut;
  }
}
