package dev.tars.runner.report;

import dev.tars.runner.model.Escape;

/** Writes elements and text; only this class puts a {@code <} into a page. */
final class Html {
  private final StringBuilder out = new StringBuilder();

  /** Text from outside: shown as code points where it is not drawn, then escaped for HTML. */
  static String escaped(String text) {
    StringBuilder safe = new StringBuilder();
    Escape.block(text)
        .chars()
        .forEach(c -> {
          switch (c) {
            case '&' -> safe.append("&amp;");
            case '<' -> safe.append("&lt;");
            case '>' -> safe.append("&gt;");
            case '"' -> safe.append("&quot;");
            case '\'' -> safe.append("&#39;");
            default -> safe.append((char) c);
          }
        });
    return safe.toString();
  }

  /** Markup of ours, as it is. Never with anything from outside in it. */
  Html raw(String markup) {
    out.append(markup);
    return this;
  }

  Html text(String text) {
    out.append(escaped(text));
    return this;
  }

  /** {@code <tag class="…">text</tag>}; the class is ours. */
  Html element(String tag, String cssClass, String text) {
    out.append('<').append(tag);
    if (!cssClass.isEmpty()) {
      out.append(" class=\"").append(cssClass).append('"');
    }
    out.append('>').append(escaped(text)).append("</").append(tag).append('>');
    return this;
  }

  Html row(String... cells) {
    out.append("<tr>");
    for (String cell : cells) {
      element("td", "", cell);
    }
    out.append("</tr>\n");
    return this;
  }

  Html header(String... cells) {
    out.append("<tr>");
    for (String cell : cells) {
      element("th", "", cell);
    }
    out.append("</tr>\n");
    return this;
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
