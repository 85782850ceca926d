use calc::half;

#[test]
fn halves() {
    assert_eq!(half(6), 3);
}
