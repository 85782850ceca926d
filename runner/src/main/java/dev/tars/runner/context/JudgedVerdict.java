package dev.tars.runner.context;

import dev.tars.runner.model.Digest;
import dev.tars.runner.model.PublicApi;
import dev.tars.runner.validation.Verdict;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A verdict, and what stood between the commands and the host while it was found.
 *
 * @param isolation what was in force, name to value
 * @param missing what the engine could not give, as sentences
 * @param digest of the JSON that it was read from or written as: two that have the same one are
 *     spelled alike to the last field
 */
@PublicApi
public record JudgedVerdict(
    Verdict verdict, SortedMap<String, String> isolation, List<String> missing, Digest digest) {
  public JudgedVerdict {
    isolation = Collections.unmodifiableSortedMap(new TreeMap<>(isolation));
    missing = List.copyOf(missing);
  }
}
