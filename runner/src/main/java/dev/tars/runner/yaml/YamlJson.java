package dev.tars.runner.yaml;

import dev.tars.runner.model.CanonicalJson;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Iterator;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A checked node as JSON. */
final class YamlJson {
  private static final String NUMBER = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]{1,3})?";
  private static final int MAX_NUMBER = 200;

  private YamlJson() {}

  static String of(Node node) {
    StringBuilder out = new StringBuilder();
    write(node, out);
    return out.toString();
  }

  private static void write(Node node, StringBuilder out) {
    switch (node) {
      case MappingNode map -> {
        out.append('{');
        for (Iterator<NodeTuple> i = map.getValue().iterator(); i.hasNext(); ) {
          NodeTuple tuple = i.next();
          CanonicalJson.quote(((ScalarNode) tuple.getKeyNode()).getValue(), out);
          out.append(':');
          write(tuple.getValueNode(), out);
          out.append(i.hasNext() ? "," : "");
        }
        out.append('}');
      }
      case SequenceNode list -> {
        out.append('[');
        for (Iterator<Node> i = list.getValue().iterator(); i.hasNext(); ) {
          write(i.next(), out);
          out.append(i.hasNext() ? "," : "");
        }
        out.append(']');
      }
      case ScalarNode scalar -> scalar(scalar, out);
      default -> throw new IllegalStateException("checked before: " + node.getNodeType());
    }
  }

  private static void scalar(ScalarNode scalar, StringBuilder out) {
    String text = scalar.getValue();
    boolean number = scalar.getTag().equals(Tag.INT) || scalar.getTag().equals(Tag.FLOAT);
    if (scalar.getTag().equals(Tag.NULL)) {
      out.append("null");
    } else if (scalar.getTag().equals(Tag.BOOL)) {
      out.append(Boolean.parseBoolean(text));
    } else if (number && text.length() <= MAX_NUMBER && text.matches(NUMBER)) {
      // The digits stay as they are written: 1.50 is not 1.5 to everybody.
      out.append(text.matches("-?[0-9]+") ? new BigInteger(text) : new BigDecimal(text));
    } else {
      CanonicalJson.quote(text, out);
    }
  }
}
