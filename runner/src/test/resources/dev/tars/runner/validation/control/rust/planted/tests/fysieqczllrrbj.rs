#[test]
fn t_bhusdzeezrntjs() {
    panic!("ojlonvvnwdcpoh");
}

#[test]
fn t_queqnjliewatmp() {
    assert!(333 == 603);
}

#[test]
fn t_wnwzyoerozhqlv() {
    assert_eq!(342, 655);
}

#[test]
fn t_rmdwhdiwxipluc() {
    
}

