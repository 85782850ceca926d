package dev.tars.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * After a kill, what is told is so: see {@link Story}. {@code -Dtars.story.step=1} kills at every
 * call that changes something; by default at every few.
 */
class StoryTest {
  private static final int STEP = Integer.getInteger("tars.story.step", 31);

  @TempDir private Path temp;

  @Test
  void anApproval() {
    every(Story.APPROVE);
  }

  @Test
  void aRunThatThePolicyApproves() {
    every(Story.RUN);
  }

  @Test
  void aRejection() {
    every(Story.REJECT);
  }

  @Test
  void aRollback() {
    every(Story.ROLLBACK);
  }

  @Test
  void aPatchFile() {
    every(Story.PATCH);
  }

  @Test
  void aRecovery() {
    every(Story.RECOVER);
  }

  @Test
  void aCollection() {
    every(Story.COLLECT);
  }

  @Test
  void anImport() {
    every(Story.IMPORT);
  }

  @Test
  void aCancellation() {
    every(Story.CANCEL);
  }

  private void every(Story story) {
    int kills = story.every(temp, story == Story.CANCEL ? 1 : STEP);
    assertThat(kills).isPositive();
    Figures.add("story " + story.name().toLowerCase(java.util.Locale.ROOT), kills);
  }
}
