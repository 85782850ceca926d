package dev.tars.runner.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.tars.runner.model.Bytes;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a power cut leaves of the file systems of a {@link SimulatedDisk}; never changed. */
public final class SimImage {
  /** What differs between two runs that did the same: clocks, and all that depends on them. */
  private static final Pattern TIMES =
      Pattern.compile("\"(mono|hash|previous|signature|publicKey|time)\":(?:\"[^\"]*\"?|[0-9]*)");

  private final Map<Long, SimNode> nodes;
  private final Map<Long, Integer> links = new HashMap<>();

  SimImage(Map<Long, SimNode> from) {
    nodes = new HashMap<>(from.size() * 2);
    for (long root : SimulatedDisk.ROOTS) {
      reach(root, from);
    }
  }

  private void reach(long inode, Map<Long, SimNode> from) {
    if (links.merge(inode, 1, Integer::sum) > 1) {
      return;
    }
    SimNode node = from.get(inode);
    nodes.put(inode, node);
    for (long entry : node.entries().values()) {
      reach(entry, from);
    }
  }

  Map<Long, SimNode> nodes() {
    return nodes;
  }

  Map<Long, Integer> links() {
    return links;
  }

  /** Names both trees with kinds, modes, owners and content; two images with one digest are one. */
  public Bytes digest() {
    MessageDigest md = dev.tars.runner.model.Digest.sha256();
    for (long root : SimulatedDisk.ROOTS) {
      digest(md, root, "");
    }
    return Bytes.of(md.digest());
  }

  private void digest(MessageDigest md, long inode, String name) {
    SimNode node = nodes.get(inode);
    md.update(
        ByteBuffer.allocate(16)
            .putInt(node.kind().ordinal())
            .putInt(node.mode())
            .putInt(node.uid())
            .putInt(node.gid())
            .flip());
    boolean secret = name.startsWith("ed25519");
    if (!secret) {
      md.update(node.hash(name.equals("audit.jsonl") ? SimImage::withoutTimes : d -> d));
    } else {
      md.update((byte) node.data().length);
    }
    for (Map.Entry<Bytes, Long> entry : node.entries().entrySet()) {
      String text = new String(entry.getKey().toArray(), ISO_8859_1);
      // Numbered by process and by a counter that never goes back.
      String shown = text.startsWith(".new-") ? ".new-" : text;
      md.update((byte) '/');
      md.update(shown.getBytes(ISO_8859_1));
      md.update((byte) 0);
      digest(md, entry.getValue(), text);
    }
    md.update((byte) '.');
  }

  private static byte[] withoutTimes(byte[] log) {
    Matcher matcher = TIMES.matcher(new String(log, ISO_8859_1));
    return matcher.replaceAll("$1").getBytes(ISO_8859_1);
  }

  /** Every path below {@code top} with its kind, mode and content, as text. */
  public SortedMap<String, String> tree(String top) {
    SortedMap<String, String> found = new TreeMap<>();
    tree(SimulatedDisk.rootOf(top), "", found);
    return found;
  }

  private void tree(long inode, String path, SortedMap<String, String> found) {
    SimNode node = nodes.get(inode);
    found.put(
        path,
        node.kind()
            + " "
            + Integer.toOctalString(node.mode())
            + " "
            + new String(node.data(), ISO_8859_1));
    for (Map.Entry<Bytes, Long> entry : node.entries().entrySet()) {
      String name = new String(entry.getKey().toArray(), ISO_8859_1);
      tree(entry.getValue(), path.isEmpty() ? name : path + "/" + name, found);
    }
  }

  /**
   * The tree as one short value, to compare; names at its top that {@code left} accepts count not.
   */
  public Bytes treeDigest(String top, Predicate<String> left) {
    MessageDigest md = dev.tars.runner.model.Digest.sha256();
    treeDigest(md, SimulatedDisk.rootOf(top), left);
    return Bytes.of(md.digest());
  }

  private void treeDigest(MessageDigest md, long inode, Predicate<String> left) {
    SimNode node = nodes.get(inode);
    md.update(ByteBuffer.allocate(8).putInt(node.kind().ordinal()).putInt(node.mode()).flip());
    md.update(node.hash(d -> d));
    for (Map.Entry<Bytes, Long> entry : node.entries().entrySet()) {
      if (!left.test(new String(entry.getKey().toArray(), ISO_8859_1))) {
        md.update((byte) '/');
        md.update(entry.getKey().toArray());
        md.update((byte) 0);
        treeDigest(md, entry.getValue(), n -> false);
      }
    }
    md.update((byte) '.');
  }

  /** Modification time of a file in {@code top}. */
  public long modified(String top, String name) {
    return nodes.get(nodes.get(SimulatedDisk.rootOf(top)).entry(Bytes.utf8(name))).modified();
  }

  /** Names in a directory below {@code top}; none if there is no such directory. */
  public Set<String> names(String top, String... path) {
    long inode = SimulatedDisk.rootOf(top);
    for (String name : path) {
      inode = inode == 0 ? 0 : nodes.get(inode).entry(Bytes.utf8(name));
    }
    Set<String> names = new TreeSet<>();
    if (inode != 0) {
      nodes.get(inode).entries().keySet().forEach(n -> names.add(n.lossyText()));
    }
    return names;
  }

  /** Content of a file below {@code top}, or null. */
  public byte[] content(String top, String... path) {
    long inode = SimulatedDisk.rootOf(top);
    for (String name : path) {
      inode = inode == 0 ? 0 : nodes.get(inode).entry(Bytes.utf8(name));
    }
    return inode == 0 ? null : nodes.get(inode).data();
  }
}
