package io.jangada.server.api;

import io.grpc.stub.StreamObserver;
import io.jangada.etcd.rpc.CompactionRequest;
import io.jangada.etcd.rpc.CompactionResponse;
import io.jangada.etcd.rpc.DeleteRangeRequest;
import io.jangada.etcd.rpc.DeleteRangeResponse;
import io.jangada.etcd.rpc.KVGrpc;
import io.jangada.etcd.rpc.PutRequest;
import io.jangada.etcd.rpc.PutResponse;
import io.jangada.etcd.rpc.RangeRequest;
import io.jangada.etcd.rpc.RangeResponse;
import io.jangada.etcd.rpc.TxnRequest;
import io.jangada.etcd.rpc.TxnResponse;
import io.jangada.kv.KeyValueStore;
import io.jangada.kv.KvCommands;
import io.jangada.kv.RequestRules;
import io.jangada.kv.TxnRequests;
import io.jangada.kv.model.CompactRequest;
import io.jangada.kv.model.KvException;
import io.jangada.kv.model.KvRequest;
import io.jangada.kv.model.KvResponse;
import io.jangada.server.error.ServerError;
import io.jangada.server.error.ServerException;
import io.jangada.server.gateway.RequestGateway;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The KV service: writes go through the log, reads come from this node's store once it is known to be recent enough.
 *
 * <p>Handlers run on event loops and never block. Reading one key happens there too; ranges, which may be large, go to the read pool.
 */
final class KvService extends KVGrpc.KVImplBase {
    private final RequestGateway<KvResponse> gateway;
    private final KeyValueStore store;
    private final ResponseEncoder encoder;
    private final Executor readPool;
    private final CallLimits limits;
    private final int maxRequestBytes;

    KvService(Backend backend, Headers headers, CallLimits limits) {
        this.gateway = backend.gateway();
        this.store = backend.store();
        this.encoder = new ResponseEncoder(headers);
        this.readPool = backend.readPool();
        this.limits = limits;
        this.maxRequestBytes = backend.limits().maxRequestBytes();
    }

    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> observer) {
        UnaryCall<PutResponse> call = UnaryCall.begin("put", observer, limits);
        call.step(() -> answer(call, propose(call, RequestDecoder.put(request)), encoder::put));
    }

    @Override
    public void deleteRange(DeleteRangeRequest request, StreamObserver<DeleteRangeResponse> observer) {
        UnaryCall<DeleteRangeResponse> call = UnaryCall.begin("delete", observer, limits);
        call.step(() -> answer(call, propose(call, RequestDecoder.deleteRange(request)), encoder::deleteRange));
    }

    @Override
    public void compact(CompactionRequest request, StreamObserver<CompactionResponse> observer) {
        UnaryCall<CompactionResponse> call = UnaryCall.begin("compact", observer, limits);
        call.step(() -> {
            CompactRequest compact = RequestDecoder.compact(request);
            CompletableFuture<KvResponse> done = propose(call, compact);
            if (compact.physical()) {
                done = done.thenCompose(logical -> logical instanceof KvResponse.Refused
                        ? CompletableFuture.completedFuture(logical)
                        : store.physicalCompaction(compact.revision()).thenApply(unused -> logical));
            }
            answer(call, done, encoder::compact);
        });
    }

    @Override
    public void range(RangeRequest request, StreamObserver<RangeResponse> observer) {
        UnaryCall<RangeResponse> call = UnaryCall.begin("range", observer, limits);
        call.step(() -> {
            io.jangada.kv.model.RangeRequest range = RequestDecoder.range(request);
            RequestRules.check(range);
            boolean oneKey = range.rangeEnd().isEmpty();
            read(call, range.serializable(), oneKey, () -> encoder.range(accepted(store.range(range))));
        });
    }

    @Override
    public void txn(TxnRequest request, StreamObserver<TxnResponse> observer) {
        UnaryCall<TxnResponse> call = UnaryCall.begin("txn", observer, limits);
        call.step(() -> {
            io.jangada.kv.model.TxnRequest txn = RequestDecoder.txn(request);
            if (TxnRequests.isReadOnly(txn)) {
                RequestRules.check(txn);
                read(call, TxnRequests.isSerializable(txn), false, () -> encoder.txn(accepted(store.readOnlyTxn(txn))));
            } else {
                answer(call, propose(call, txn), encoder::txn);
            }
        });
    }

    private CompletableFuture<KvResponse> propose(UnaryCall<?> call, KvRequest request) {
        RequestRules.check(request);
        byte[] command = KvCommands.encode(request);
        if (command.length > maxRequestBytes) {
            throw new ServerException(ServerError.REQUEST_TOO_LARGE);
        }
        return gateway.propose(command, call.deadlineNanos(), call.eventLoop());
    }

    private static <T> void answer(
            UnaryCall<T> call, CompletableFuture<KvResponse> done, Function<KvResponse, T> encode) {
        Future<?> unused = done.whenComplete((answer, failure) -> {
            if (failure == null) {
                call.reply(() -> encode.apply(accepted(answer)));
            } else {
                call.fail(failure);
            }
        });
    }

    private <T> void read(UnaryCall<T> call, boolean serializable, boolean small, Supplier<T> query) {
        if (serializable) {
            readHere(call, small, query);
            return;
        }
        Future<?> unused = gateway.readBarrier(call.deadlineNanos(), call.eventLoop())
                .whenComplete((index, failure) -> {
                    if (failure == null) {
                        call.step(() -> readHere(call, small, query));
                    } else {
                        call.fail(failure);
                    }
                });
    }

    private <T> void readHere(UnaryCall<T> call, boolean small, Supplier<T> query) {
        if (small) {
            call.reply(query);
        } else {
            readPool.execute(() -> call.step(() -> {
                T answer = query.get();
                call.reply(() -> answer);
            }));
        }
    }

    private static KvResponse accepted(KvResponse answer) {
        if (answer instanceof KvResponse.Refused refused) {
            throw new KvException(refused.error());
        }
        return answer;
    }
}
