package io.jangada.testkit.lab.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.testkit.history.RegisterModel.Append;
import io.jangada.testkit.history.RegisterModel.Get;
import io.jangada.testkit.history.RegisterModel.Op;
import io.jangada.testkit.history.RegisterModel.Put;
import io.jangada.testkit.lab.LabFailure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class KvStoreTest {
    private final KvStore store = new KvStore();

    private static String apply(KvStore store, Op operation) {
        return store.apply(1, 1, KvOperation.encode(operation));
    }

    @Test
    void putsReplaceAndAppendsAdd() {
        assertThat(apply(store, new Get("k"))).isEmpty();
        apply(store, new Append("k", "é1"));
        apply(store, new Append("k", "2"));
        assertThat(apply(store, new Get("k"))).isEqualTo("é12");
        apply(store, new Put("k", "3"));
        assertThat(apply(store, new Get("k"))).isEqualTo("3");
    }

    @Test
    void aSnapshotStaysAsItWasAndBringsEverythingBack() throws IOException {
        apply(store, new Put("k", "ü"));
        apply(store, new Put("empty", ""));
        var snapshot = store.snapshot().orElseThrow();
        apply(store, new Append("k", "later"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        snapshot.writeTo(bytes);

        KvStore other = new KvStore();
        apply(other, new Put("else", "gone"));
        other.restore(1, 1, new ByteArrayInputStream(bytes.toByteArray()));
        assertThat(apply(other, new Get("k"))).isEqualTo("ü");
        assertThat(apply(other, new Get("else"))).isEmpty();
    }

    @Test
    void anAppendThatIsMissingOrTwiceOrOutOfPlaceIsFound() {
        String first = Appended.piece(1, 0);
        String second = Appended.piece(1, 1);
        Appended.check(first + Appended.piece(2, 0) + second, 1, 2);
        assertThatThrownBy(() -> Appended.check(first, 1, 2))
                .isInstanceOf(LabFailure.class)
                .hasMessageContaining("missing");
        assertThatThrownBy(() -> Appended.check(first + second + first, 1, 2))
                .isInstanceOf(LabFailure.class)
                .hasMessageContaining("twice");
        assertThatThrownBy(() -> Appended.check(second + first, 1, 2))
                .isInstanceOf(LabFailure.class)
                .hasMessageContaining("wrong place");
    }
}
