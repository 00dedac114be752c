package io.cardea.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads single values out of what is answered. */
final class Answers {

    private Answers() {}

    /** A text of a JSON object, which must be there. */
    static String member(HttpResponse<String> answer, String name) {
        Matcher text = Pattern.compile('"' + name + "\":\"([^\"]*)\"").matcher(answer.body());
        if (!text.find()) {
            throw new AssertionError("No " + name + " but " + answer.statusCode() + ": " + answer.body());
        }
        return text.group(1);
    }

    /** A parameter of a URL's query, decoded, which must be there. */
    static String parameter(URI url, String name) {
        Matcher value = Pattern.compile("[?&]" + name + "=([^&]*)").matcher(url.toString());
        if (!value.find()) {
            throw new AssertionError("No " + name + " in " + url);
        }
        return URLDecoder.decode(value.group(1), UTF_8);
    }
}
