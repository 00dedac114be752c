package io.cardea.itests;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one form on a page, to be filled in. */
final class HtmlForm {

    private static final Pattern FORM = Pattern.compile("<form\\b[^>]*>");
    private static final Pattern INPUT = Pattern.compile("<input\\b[^>]*>");
    private static final Pattern ATTRIBUTE = Pattern.compile("\\b(type|name|value|action|method)=\"([^\"]*)\"");

    private final URI action;
    private final boolean isPost;
    private final Map<String, String> inputs = new LinkedHashMap<>();
    private final List<Map.Entry<String, String>> boxes = new ArrayList<>();
    private boolean isTicked;

    private HtmlForm(URI action, boolean isPost) {
        this.action = action;
        this.isPost = isPost;
    }

    static HtmlForm on(HttpResponse<String> page) {
        Map<String, String> form = FORM.matcher(page.body())
                .results()
                .findFirst()
                .map(tag -> attributes(tag.group()))
                .orElseThrow(() -> new AssertionError("No form but " + page.statusCode() + " from "
                        + page.uri().getPath() + ": " + page.body()));
        HtmlForm result = new HtmlForm(
                form.containsKey("action") ? page.uri().resolve(form.get("action")) : page.uri(),
                "post".equalsIgnoreCase(form.get("method")));
        INPUT.matcher(page.body()).results().map(tag -> attributes(tag.group())).forEach(result::add);
        return result;
    }

    private static Map<String, String> attributes(String tag) {
        Map<String, String> attributes = new TreeMap<>();
        Matcher attribute = ATTRIBUTE.matcher(tag);
        while (attribute.find()) {
            attributes.put(attribute.group(1), unescape(attribute.group(2)));
        }
        return attributes;
    }

    private void add(Map<String, String> input) {
        String name = input.get("name");
        String value = input.getOrDefault("value", "");
        if ("checkbox".equals(input.get("type"))) {
            boxes.add(Map.entry(name, value));
        } else {
            inputs.put(name, value);
        }
    }

    boolean has(String input) {
        return inputs.containsKey(input);
    }

    HtmlForm fill(String name, String value) {
        inputs.put(name, value);
        return this;
    }

    HtmlForm tickEveryBox() {
        isTicked = true;
        return this;
    }

    HttpRequest.Builder submission() {
        Form form = new Form();
        inputs.forEach(form::with);
        if (isTicked) {
            boxes.forEach(box -> form.with(box.getKey(), box.getValue()));
        }
        return isPost ? form.post(action) : HttpRequest.newBuilder(form.url(action.toString()));
    }

    private static String unescape(String html) {
        return html.replace("&#34;", "\"")
                .replace("&#39;", "'")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&");
    }
}
