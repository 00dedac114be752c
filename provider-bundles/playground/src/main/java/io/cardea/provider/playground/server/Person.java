package io.cardea.provider.playground.server;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Somebody who can log in here. The passwords are no secret: the login page shows them.
 *
 * @param subject the stable identifier ({@code sub} in OpenID Connect)
 */
public record Person(String subject, String username, String password, String name, String email) {

    /** Everybody there is. */
    public static final List<Person> ALL = List.of(
            new Person("1815-12-10", "ada", "lovelace", "Ada Lovelace", "ada@playground.example"),
            new Person("1906-12-09", "grace", "hopper", "Grace Hopper", "grace@playground.example"));

    /** The person with this user name. */
    public static Optional<Person> named(String username) {
        return ALL.stream().filter(person -> person.username().equals(username)).findFirst();
    }

    /** The person who knows this password. */
    public static Optional<Person> authenticate(String username, String password) {
        return named(username).filter(person -> Secrets.same(person.password(), password));
    }

    /** What the scopes let a client know (OpenID Connect Core, section 5.4). */
    Map<String, Object> claims(List<String> scopes) {
        Map<String, Object> claims = new TreeMap<>();
        claims.put("sub", subject);
        if (scopes.contains(Scopes.PROFILE)) {
            claims.put("name", name);
            claims.put("preferred_username", username);
        }
        if (scopes.contains(Scopes.EMAIL)) {
            claims.put("email", email);
            claims.put("email_verified", true);
        }
        return claims;
    }
}
