package io.cardea.provider.playground.web;

import io.cardea.provider.playground.server.OAuthError;
import io.cardea.provider.playground.server.Parameters;
import io.cardea.provider.playground.server.Person;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Somebody logged in. There is no session: the fact travels to the consent page in its seal and is forgotten with it.
 *
 * @param at when the password was entered
 */
record Login(Person person, Instant at) {

    static final String WRONG = "That user name and password do not go together. Try one of those below.";

    // No name of a request's parameter begins with a dot.
    private static final String PERSON = ".person";
    private static final String AT = ".at";

    /** The login that a form asks for; absent when the password is wrong. */
    static Optional<Login> attempt(Parameters form, Instant now) {
        return Person.authenticate(
                        form.get("username").orElse(""), form.get("password").orElse(""))
                .map(person -> new Login(person, now));
    }

    /**
     * The login that led to a page.
     *
     * @param page the values from its seal
     * @throws OAuthError when nobody had logged in
     */
    static Login of(Parameters page) {
        Person person = page.get(PERSON)
                .flatMap(Person::named)
                .orElseThrow(() -> OAuthError.invalidRequest("nobody has logged in on this page"));
        return new Login(person, Instant.ofEpochSecond(Long.parseLong(page.required(AT))));
    }

    /** What to seal into the next page: this, and the values. */
    Map<String, String> with(Map<String, String> values) {
        Map<String, String> all = new HashMap<>(values);
        all.put(PERSON, person.username());
        all.put(AT, String.valueOf(at.getEpochSecond()));
        return all;
    }
}
