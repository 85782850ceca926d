package dev.tars.runner.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A path below a root, as bytes: components joined by {@code /}. Never absolute, never empty, no
 * component is empty, {@code .} or {@code ..}, no NUL. {@link #ROOT} is the root itself.
 *
 * <p>This is what the kernel can name, not what a change set may contain: the stricter rules for
 * change sets are in {@code validation}.
 */
@PublicApi
public final class RelativePath implements Comparable<RelativePath> {
  /** The root itself; its text is the empty string. */
  public static final RelativePath ROOT = new RelativePath(Bytes.utf8(""));

  private final Bytes bytes;

  private RelativePath(Bytes bytes) {
    this.bytes = bytes;
  }

  /**
   * Parses a path written with {@code /}.
   *
   * @throws IllegalArgumentException with a reason fit for a person, if it is not a relative path
   */
  public static RelativePath of(String path) {
    return of(Bytes.utf8(path));
  }

  /** Like {@link #of(String)}, for any bytes. */
  public static RelativePath of(Bytes path) {
    problem(path)
        .ifPresent(reason -> {
          throw new IllegalArgumentException("path " + Escape.quote(path) + " " + reason);
        });
    return new RelativePath(path);
  }

  /** Why {@code path} is not a relative path, or empty if it is one. */
  public static Optional<String> problem(Bytes path) {
    if (path.length() == 0) {
      return Optional.of("is empty");
    }
    if (path.at(0) == '/') {
      return Optional.of("is absolute");
    }
    int start = 0;
    for (int i = 0; i <= path.length(); i++) {
      if (i < path.length() && path.at(i) == 0) {
        return Optional.of("contains a NUL byte");
      }
      if (i == path.length() || path.at(i) == '/') {
        Optional<String> reason = componentProblem(path, start, i);
        if (reason.isPresent()) {
          return reason;
        }
        start = i + 1;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> componentProblem(Bytes path, int start, int end) {
    int length = end - start;
    if (length == 0) {
      return Optional.of("has an empty component");
    }
    boolean dot = path.at(start) == '.';
    if (length == 1 && dot) {
      return Optional.of("has a '.' component");
    }
    if (length == 2 && dot && path.at(start + 1) == '.') {
      return Optional.of("has a '..' component");
    }
    return Optional.empty();
  }

  public boolean isRoot() {
    return bytes.length() == 0;
  }

  public Bytes bytes() {
    return bytes;
  }

  /** The last component; of {@link #ROOT} the empty byte string. */
  public Bytes name() {
    return bytes.slice(lastSlash() + 1, bytes.length());
  }

  /** The path without its last component; {@link #ROOT} for a path of one component and itself. */
  public RelativePath parent() {
    int slash = lastSlash();
    return slash < 0 ? ROOT : new RelativePath(bytes.slice(0, slash));
  }

  /** This path with one more component. */
  public RelativePath resolve(Bytes name) {
    RelativePath component = of(name); // only what is new has to be looked at
    return isRoot() ? component : new RelativePath(bytes.join('/', component.bytes));
  }

  public List<Bytes> components() {
    if (isRoot()) {
      return List.of();
    }
    int count = 1;
    for (int i = 0; i < bytes.length(); i++) {
      count += bytes.at(i) == '/' ? 1 : 0;
    }
    List<Bytes> parts = new ArrayList<>(count);
    int start = 0;
    for (int i = 0; i <= bytes.length(); i++) {
      if (i == bytes.length() || bytes.at(i) == '/') {
        parts.add(bytes.slice(start, i));
        start = i + 1;
      }
    }
    return List.copyOf(parts);
  }

  /** True for this path itself and for every path below it; {@link #ROOT} contains all. */
  public boolean contains(RelativePath other) {
    if (isRoot()) {
      return true;
    }
    int n = bytes.length();
    if (other.bytes.length() < n || !other.bytes.slice(0, n).equals(bytes)) {
      return false;
    }
    return other.bytes.length() == n || other.bytes.at(n) == '/';
  }

  private int lastSlash() {
    for (int i = bytes.length() - 1; i >= 0; i--) {
      if (bytes.at(i) == '/') {
        return i;
      }
    }
    return -1;
  }

  /** Order of the bytes, unsigned: a parent comes before what is in it. */
  @Override
  public int compareTo(RelativePath other) {
    return bytes.compareTo(other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RelativePath that && bytes.equals(that.bytes);
  }

  @Override
  public int hashCode() {
    return bytes.hashCode();
  }

  /** The path as text that is safe to show. */
  @Override
  public String toString() {
    return Escape.name(bytes);
  }
}
