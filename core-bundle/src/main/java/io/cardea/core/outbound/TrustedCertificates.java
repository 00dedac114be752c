package io.cardea.core.outbound;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Whom to believe on the other side of TLS: the JDK's certificate authorities and those of a PEM file. */
final class TrustedCertificates {

    private TrustedCertificates() {}

    /** @throws IllegalStateException when the file cannot be used, naming it */
    static SSLContext withJdks(String pemFile) {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int number = 0;
            for (X509Certificate authority : jdks()) {
                trusted.setCertificateEntry("jdk-" + number++, authority);
            }
            try (InputStream pem = new BufferedInputStream(Files.newInputStream(Path.of(pemFile)))) {
                Collection<? extends Certificate> authorities =
                        CertificateFactory.getInstance("X.509").generateCertificates(pem);
                if (authorities.isEmpty()) {
                    throw new CertificateException("there is no certificate in it");
                }
                for (Certificate authority : authorities) {
                    trusted.setCertificateEntry("pem-" + number++, authority);
                }
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers(trusted), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(
                    "CARDEA_CA_FILE cannot be used: " + pemFile + " (" + e.getMessage() + ")", e);
        }
    }

    private static X509Certificate[] jdks() throws GeneralSecurityException {
        for (TrustManager manager : managers(null)) {
            if (manager instanceof X509TrustManager x509) {
                return x509.getAcceptedIssuers();
            }
        }
        throw new IllegalStateException("This JVM has no X.509 trust manager");
    }

    private static TrustManager[] managers(@org.jspecify.annotations.Nullable KeyStore trusted)
            throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory.getTrustManagers();
    }
}
