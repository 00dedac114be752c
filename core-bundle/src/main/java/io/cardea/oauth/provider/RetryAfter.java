package io.cardea.oauth.provider;

import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/** How long a server that is busy wants to be left alone (RFC 9110, section 10.2.3). */
final class RetryAfter {

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,18}");

    private RetryAfter() {}

    /** In seconds; 0 or less where nothing is told, or nothing that can be read. */
    static long of(HttpResponse<?> response, Instant now) {
        String told = response.headers().firstValue("Retry-After").orElse("").trim();
        if (SECONDS.matcher(told).matches()) {
            return Long.parseLong(told);
        }
        try {
            Instant date = DateTimeFormatter.RFC_1123_DATE_TIME.parse(told, Instant::from);
            return Duration.between(now, date).toSeconds();
        } catch (DateTimeException unreadable) {
            return 0;
        }
    }
}
