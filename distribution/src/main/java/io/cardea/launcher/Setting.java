package io.cardea.launcher;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Optional;

/** One key of conf/cardea.properties: its default and what makes a value good. */
enum Setting {
    CARDEA_HTTP_HOST("127.0.0.1") {
        @Override
        String checked(String value, Path home) {
            return accept(!value.contains("/") && !value.contains(" "), value, "must be a host name or an address");
        }
    },
    CARDEA_HTTP_PORT("8180") {
        @Override
        String checked(String value, Path home) {
            return number(value, 0, 65_535);
        }
    },
    CARDEA_PUBLIC_URL("") {
        @Override
        String checked(String value, Path home) {
            String url = value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
            return accept(isOrigin(url), url, "must be a URL such as https://login.example.org");
        }
    },
    CARDEA_DATA("data") {
        @Override
        String checked(String value, Path home) {
            return path(value, home).toString();
        }
    },
    CARDEA_DEPLOY("deploy") {
        @Override
        String checked(String value, Path home) {
            // FileInstall takes a comma for the separator of two folders.
            return accept(!value.contains(","), path(value, home).toString(), "must not contain a comma");
        }
    },
    CARDEA_DEPLOY_TRUST("all") {
        @Override
        String checked(String value, Path home) {
            return accept(value.equals("all") || value.equals("listed"), value, "must be all or listed");
        }
    },
    /** Seconds. */
    CARDEA_LOGIN_TTL("300") {
        @Override
        String checked(String value, Path home) {
            return number(value, 1, 86_400);
        }
    },
    /** Seconds. */
    CARDEA_DRAIN_TIMEOUT("10") {
        @Override
        String checked(String value, Path home) {
            // The end of Cardea itself would take a longer one for a bundle that hangs.
            return number(value, 0, 20);
        }
    },
    /** Seconds. */
    CARDEA_UPDATE_WAIT("5") {
        @Override
        String checked(String value, Path home) {
            return number(value, 0, 60);
        }
    },
    CARDEA_LOGIN_PROTECTION("none") {
        @Override
        String checked(String value, Path home) {
            boolean known = value.equals("none") || value.equals("key") || value.equals("proxy");
            return accept(known, value, "must be none, key or proxy");
        }
    },
    CARDEA_VAULT_KEY_FILE("") {
        @Override
        String checked(String value, Path home) {
            Path file = path(value, home);
            Path folder = file.getParent();
            return accept(
                    folder != null && Files.isDirectory(folder) && !Files.isDirectory(file),
                    file.toString(),
                    "must be a file in a folder that exists");
        }
    },
    CARDEA_CA_FILE("") {
        @Override
        String checked(String value, Path home) {
            Path file = path(value, home);
            accept(Files.isRegularFile(file) && Files.isReadable(file), value, "must be a readable file");
            return accept(
                    holdsCertificates(file),
                    file.toString(),
                    "must be a file of PEM certificates, and of nothing else");
        }
    };

    private final String preset;

    Setting(String preset) {
        this.preset = preset;
    }

    /** The value to use, made absolute if it is a path; throws an IllegalArgumentException that says what is allowed. */
    abstract String checked(String value, Path home);

    /** The value when nobody sets one; none when the key is then left out. */
    Optional<String> preset() {
        return preset.isEmpty() ? Optional.empty() : Optional.of(preset);
    }

    static Optional<Setting> named(String key) {
        for (Setting each : values()) {
            if (each.name().equals(key)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    private static String accept(boolean good, String value, String otherwise) {
        if (!good) {
            throw new IllegalArgumentException(otherwise);
        }
        return value;
    }

    private static String number(String value, int least, int most) {
        String otherwise = "must be a number from " + least + " to " + most;
        try {
            int number = Integer.parseInt(value);
            return accept(number >= least && number <= most, Integer.toString(number), otherwise);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(otherwise, e);
        }
    }

    private static Path path(String value, Path home) {
        try {
            return home.resolve(value).normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("must be a path", e);
        }
    }

    private static boolean holdsCertificates(Path file) {
        try (InputStream pem = new BufferedInputStream(Files.newInputStream(file))) {
            return !CertificateFactory.getInstance("X.509")
                    .generateCertificates(pem)
                    .isEmpty();
        } catch (IOException | CertificateException e) {
            return false;
        }
    }

    private static boolean isOrigin(String value) {
        try {
            URI url = URI.create(value);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            return http
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
