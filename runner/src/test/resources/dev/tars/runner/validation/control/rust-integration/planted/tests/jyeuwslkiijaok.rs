#[test]
fn t_srqbwbzvnlswar() {
    panic!("pflhumdoalprqn");
}

#[test]
fn t_fysieqczllrrbj() {
    assert_eq!(183, 445);
}

#[test]
fn t_ojlonvvnwdcpoh() {
    
}

