package dev.tars.runner.validation.control;

import java.util.List;

/** What can be planted for a gate. */
public sealed interface Planting {
  /** At least one test that must be red and one that must be green. */
  record Planted(List<PlantedFile> files, List<Sentinel> sentinels) implements Planting {
    public Planted {
      files = List.copyOf(files);
      sentinels = List.copyOf(sentinels);
    }
  }

  /** Nothing, and why: a part of a sentence. */
  record Impossible(String reason) implements Planting {}
}
